import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { surfaceRoutes } from '#gateway/surfaces/routes.ts'
import { cloudConfig, testGateway, type TestGateway } from './support/gateway.ts'
import { startUpstream } from './support/upstream.ts'

/** One way to say a text: the route, and a body that holds it. */
interface Place {
  readonly route: string
  readonly name: string
  readonly path?: string
  /** A JSON object, or a form. */
  readonly body: (text: string) => object
}

const user = (text: string): object[] => [{ role: 'user', content: text }]
const tool = (text: string): object => ({
  type: 'function',
  function: { name: 'f', description: text, parameters: { type: 'object', properties: {} } },
})

/** A form with a file that can be read, so that the text alone decides. */
function form(file: string, fields: Readonly<Record<string, string>>, content = 'x'): FormData {
  const made = new FormData()
  made.set('model', 'm')
  for (const [name, value] of Object.entries(fields)) made.set(name, value)
  made.set(file, new File([content], 'a.txt', { type: 'text/plain' }))
  return made
}

const PLACES: readonly Place[] = [
  {
    route: '/v1/chat/completions',
    name: 'a message',
    body: (text) => ({ model: 'm', messages: user(text) }),
  },
  {
    route: '/v1/chat/completions',
    name: 'a tool description',
    body: (text) => ({ model: 'm', messages: user('hi'), tools: [tool(text)] }),
  },
  { route: '/v1/completions', name: 'the prompt', body: (text) => ({ model: 'm', prompt: text }) },
  { route: '/v1/responses', name: 'the input', body: (text) => ({ model: 'm', input: text }) },
  {
    route: '/v1/responses',
    name: 'the instructions',
    body: (text) => ({ model: 'm', input: 'hi', instructions: text }),
  },
  {
    route: '/v1/messages',
    name: 'a message',
    body: (text) => ({ model: 'm', max_tokens: 5, messages: user(text) }),
  },
  {
    route: '/v1/messages',
    name: 'the system prompt',
    body: (text) => ({ model: 'm', max_tokens: 5, system: text, messages: user('hi') }),
  },
  {
    route: '/v1/messages',
    name: 'a tool result',
    body: (text) => ({
      model: 'm',
      max_tokens: 5,
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'f', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: text }] },
      ],
    }),
  },
  {
    route: '/api/chat',
    name: 'a message',
    body: (text) => ({ model: 'm', stream: false, messages: user(text) }),
  },
  {
    route: '/api/generate',
    name: 'the prompt',
    body: (text) => ({ model: 'm', stream: false, prompt: text }),
  },
  {
    route: '/v1beta/models/*',
    name: 'a part',
    path: '/v1beta/models/m:generateContent',
    body: (text) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
  },
  {
    route: '/v1beta/models/*',
    name: 'the system instruction',
    path: '/v1beta/models/m:generateContent',
    body: (text) => ({
      systemInstruction: { parts: [{ text }] },
      contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
    }),
  },
  { route: '/v1/embeddings', name: 'the input', body: (text) => ({ model: 'm', input: [text] }) },
  {
    route: '/v1/rerank',
    name: 'a document',
    body: (text) => ({ model: 'm', query: 'q', documents: ['a', text] }),
  },
  {
    route: '/v1/images/generations',
    name: 'the prompt',
    body: (text) => ({ model: 'm', prompt: text }),
  },
  {
    route: '/v1/audio/speech',
    name: 'the input',
    body: (text) => ({ model: 'm', voice: 'alloy', input: text }),
  },
  {
    route: '/v1/audio/transcriptions',
    name: 'the prompt',
    body: (prompt) => form('file', { prompt }),
  },
  {
    route: '/v1/audio/transcriptions',
    name: 'a file of text',
    body: (text) => form('file', {}, text),
  },
  {
    route: '/v1/audio/translations',
    name: 'the prompt',
    body: (prompt) => form('file', { prompt }),
  },
  { route: '/v1/images/edits', name: 'the prompt', body: (prompt) => form('image', { prompt }) },
  {
    route: '/v1/images/variations',
    name: 'an unknown field',
    body: (text) => form('image', { note: text }),
  },
  { route: '/v1/moderations', name: 'the input', body: (text) => ({ model: 'm', input: text }) },
]

const TEXTS: readonly (readonly [string, string])[] = [
  [
    'restricted',
    `Le patient a le numéro de sécurité sociale ${['2 69 05 49 588 157', '80'].join(' ')}.`,
  ],
  ['confidential', 'Mon IBAN est FR76 3000 6000 0112 3456 7890 189.'],
  [
    'restricted',
    ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ') +
      `\n${Buffer.from('a key of a test, long enough to be one').toString('base64').repeat(4)}`,
  ],
]

function post(gateway: TestGateway, place: Place, text: string): Promise<Response> {
  const body = place.body(text)
  const isForm = body instanceof FormData
  return fetch(gateway.url + (place.path ?? place.route), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gateway.key}`,
      // the form's own type names its boundary
      ...(isForm ? {} : { 'content-type': 'application/json' }),
      'anthropic-version': '2023-06-01',
    },
    body: isForm ? body : JSON.stringify(body),
  })
}

describe('the same text', () => {
  test('gets the same verdict through every surface, and never leaves', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    for (const place of PLACES) {
      for (const [dataClass, text] of TEXTS) {
        const answer = await post(gateway, place, text)
        const body = await answer.text()
        const where = `${place.route}, ${place.name}: ${answer.status} ${body.slice(0, 200)}`
        assert.equal(answer.status, 403, where)
        assert.equal(answer.headers.get('x-ecluse-class'), dataClass, where)
        assert.equal(answer.headers.get('x-ecluse-error'), 'no-eligible-destination', where)
        assert.ok(!body.includes(text), where)
      }
    }
    assert.deepEqual(upstream.seen, [])
  })

  test('is tried on every route there is', () => {
    const tried = new Set(PLACES.map(({ route }) => route))
    const untried = surfaceRoutes
      .map(({ url }) => url)
      .filter((url) => !tried.has(url) && !SAME_READER.has(url))
    assert.deepEqual(untried, [])
  })
})

/** Routes that are read by the same function as one that is tried. */
const SAME_READER: ReadonlySet<string> = new Set([
  '/v2/rerank',
  '/v1/models/*',
  '/v1/messages/count_tokens',
  '/api/embed',
  '/api/embeddings',
  '/api/show',
])
