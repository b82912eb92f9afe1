import { OWNER } from '../src/main/core.ts'
import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { buildApp } from '#gateway/app.ts'
import type { SCOPES } from '#kernel/permission.ts'
import { testGateway, type TestGateway } from './support/gateway.ts'

const NIR = ['2 69 05 49 588 157', '80'].join(' ')
const SENTENCE = `Le patient a le numéro de sécurité sociale ${NIR}.`
const CONFIG = 'discover: false\nengine: {enabled: false}\n'

interface Answer {
  readonly label: { readonly class: string; readonly undetermined: boolean }
  readonly parts: number
  readonly findings: readonly {
    readonly type: string
    readonly path: string
    readonly start: number
    readonly end: number
    readonly level: string
    readonly because: readonly { readonly kind: string }[]
    readonly explanation: string
    readonly quote?: string
  }[]
}

interface Sent {
  readonly key?: string | null
  readonly language?: string
  readonly raw?: string
}

const post = (gateway: TestGateway, body: object, { key, language, raw }: Sent = {}) =>
  fetch(`${gateway.url}/v1/classify`, {
    method: 'POST',
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key ?? gateway.key}` }),
      'content-type': 'application/json',
      ...(language === undefined ? {} : { 'accept-language': language }),
    },
    body: raw ?? JSON.stringify(body),
  })

const answerTo = async (gateway: TestGateway, body: object, sent: Sent = {}): Promise<Answer> => {
  const response = await post(gateway, body, sent)
  assert.equal(response.status, 200)
  return (await response.json()) as Answer // the shape is what these tests are about
}

const house = (t: TestContext): Promise<TestGateway> => testGateway(t, CONFIG)

async function keyWith(gateway: TestGateway, scope: (typeof SCOPES)[number]): Promise<string> {
  const made = await gateway.house.identity.keys.create(OWNER, { name: scope, scopes: [scope] })
  assert.ok(made.ok)
  return made.value.key
}

describe('POST /v1/classify', () => {
  test('tells the class, where and why, in the language that is asked for, and never what was found', async (t) => {
    const gateway = await house(t)
    const response = await post(gateway, { text: SENTENCE }, { language: 'fr' })
    assert.equal(response.headers.get('x-ecluse-class'), 'restricted')
    assert.equal(response.headers.get('cache-control'), 'no-store')
    const told = await response.text()
    assert.ok(!told.replaceAll(' ', '').includes(NIR.replaceAll(' ', '')))
    const { label, findings }: Answer = JSON.parse(told)
    assert.equal(label.class, 'restricted')
    const found = findings.find(({ type }) => type === 'FR_NIR')
    assert.ok(found)
    assert.equal(SENTENCE.slice(found.start, found.end), NIR)
    assert.deepEqual([found.path, found.level], ['text', 'high'])
    assert.ok(found.because.some(({ kind }) => kind === 'checksum'))
    assert.match(found.explanation, /règle fr-nir ; contrôle .* vérifié/)
    const english = await answerTo(gateway, { text: SENTENCE }, { language: 'en' })
    assert.match(english.findings[0]?.explanation ?? '', /rule fr-nir; check .* holds/)
  })

  test('quotes what was found where that is asked for', async (t) => {
    const gateway = await house(t)
    const { findings } = await answerTo(gateway, { text: SENTENCE, quote: true })
    assert.deepEqual(
      findings.map(({ quote }) => quote),
      [NIR],
    )
  })

  test('a whole request has the class that the same request is judged by, with the path of each text', async (t) => {
    const gateway = await house(t)
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'user', content: [{ type: 'text', text: SENTENCE }] },
    ]
    for (const body of [
      { messages },
      { surface: 'anthropic', body: { model: 'm', max_tokens: 5, messages } },
    ]) {
      const { label, findings } = await answerTo(gateway, body)
      assert.equal(label.class, 'restricted')
      assert.equal(findings[0]?.path, 'messages.1.content.0.text')
    }
  })

  test('a key in which something is found does not show up in a path', async (t) => {
    const gateway = await house(t)
    const address = ['camille.bernard', 'ateliers-du-quai.fr'].join('@')
    const body = { input: 'hi', metadata: { [address]: 'x' } }
    const response = await post(gateway, { surface: 'responses', body })
    const told = await response.text()
    assert.equal(response.status, 200, told)
    assert.ok(!told.includes('camille'), told)
    const { findings }: Answer = JSON.parse(told)
    assert.ok(findings.some(({ path }) => path === 'metadata.*'))
  })

  test('what cannot be read is undetermined and the highest class', async (t) => {
    const gateway = await house(t)
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }
    const { label } = await answerTo(gateway, {
      messages: [{ role: 'user', content: [picture] }],
    })
    assert.deepEqual([label.class, label.undetermined], ['restricted', true])
  })

  test('offsets count code points where that is asked for', async (t) => {
    const gateway = await house(t)
    const text = `😀😀 ${SENTENCE}`
    const { findings } = await answerTo(gateway, { text, offsets: 'codepoints' })
    const found = findings.find(({ type }) => type === 'FR_NIR')
    assert.equal(Array.from(text).slice(found?.start, found?.end).join(''), NIR)
  })

  test('opens to keys with the scope classify alone', async (t) => {
    const gateway = await house(t)
    const statusWith = async (key: string | null): Promise<number> =>
      (await post(gateway, { text: 'x' }, { key })).status
    assert.equal(await statusWith(null), 401)
    assert.equal(await statusWith(await keyWith(gateway, 'inference')), 403)
    assert.equal(await statusWith(await keyWith(gateway, 'audit')), 403)
    assert.equal(await statusWith(await keyWith(gateway, 'classify')), 200)
  })

  test('refuses what it cannot read with the code and the field, without repeating it', async (t) => {
    const gateway = await house(t)
    const cases: readonly (readonly [Sent['raw'], number, string])[] = [
      [`{"text": "${NIR}`, 400, 'malformed-json'],
      [`[${JSON.stringify(NIR)}]`, 400, 'malformed-json'],
      [JSON.stringify({ surface: NIR, body: {} }), 400, 'invalid-value'],
      [JSON.stringify({ text: 'x', [NIR]: 1 }), 400, 'invalid-value'],
      ['{"text": 123456789012345678901}', 400, 'unsafe-number'],
      ['', 400, 'malformed-json'],
    ]
    for (const [raw = '', status, code] of cases) {
      const response = await post(gateway, {}, { raw })
      const told = await response.text()
      assert.equal(response.status, status, raw)
      assert.equal(response.headers.get('x-ecluse-error'), code, told)
      assert.ok(!told.includes('588'), told)
    }
  })

  test('a key that is limited to surfaces must have this one, and one with a highest class is told what is above it', async (t) => {
    const gateway = await house(t)
    const make = async (restrictions: object): Promise<string> => {
      const made = await fetch(`${gateway.url}/api/keys`, {
        method: 'POST',
        headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'limited', scopes: ['classify', 'inference'], restrictions }),
      })
      assert.equal(made.status, 201)
      return ((await made.json()) as { key: string }).key // the shape of the admin API
    }
    const refused = await post(
      gateway,
      { text: 'x' },
      { key: await make({ surfaces: ['openai-chat'] }) },
    )
    assert.equal(refused.status, 403)
    assert.equal(refused.headers.get('x-ecluse-error'), 'surface-not-allowed')
    const key = await make({ surfaces: ['classify'], maxClass: 'internal' })
    const above = async (text: string) =>
      ((await (await post(gateway, { text }, { key })).json()) as { aboveKey?: boolean }).aboveKey
    assert.deepEqual([await above('hello'), await above(SENTENCE)], [false, true])
    assert.equal('aboveKey' in (await answerTo(gateway, { text: 'hello' })), false)
  })

  test('a key that asks too much at once waits as long as it is told', async (t) => {
    const gateway = await house(t)
    let now = 0
    const settings = {
      hosts: new Set(['localhost']),
      bodyBytes: 2 ** 20,
      depth: 64,
      secure: false,
      trustedProxies: [],
    }
    const { fastify } = buildApp({ ...gateway.house, clock: () => now }, settings, null)
    t.after(() => fastify.close())
    const ask = () =>
      fastify.inject({
        method: 'POST',
        url: '/v1/classify',
        headers: {
          host: 'localhost',
          authorization: `Bearer ${gateway.key}`,
          'content-type': 'application/json',
        },
        payload: `{"text": "a"${' '.repeat(2 ** 20 - 20)}}`,
      })
    // 16 units each, of 2,000
    for (let i = 0; i < 125; i++) assert.equal((await ask()).statusCode, 200)
    const refused = await ask()
    assert.equal(refused.statusCode, 429)
    assert.equal(refused.headers['x-ecluse-error'], 'too-many-attempts')
    assert.equal(refused.headers['retry-after'], '1')
    now += 1000
    assert.equal((await ask()).statusCode, 200)
  })
})
