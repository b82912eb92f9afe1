import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { messagesAnswer } from '#protocols/anthropic/events.ts'
import { messagesWriter } from '#protocols/anthropic/writer.ts'
import { openAiDialect } from '#protocols/openai-chat/dialect.ts'
import { chatAnswer } from '#protocols/openai-chat/events.ts'
import { nativeReader } from '#protocols/openai-chat/native-reader.ts'
import { translated } from '#protocols/translate.ts'
import type { AnswerReader } from '#protocols/surface.ts'
import { VENDORS } from '#providers/vendors.ts'
import { post } from './support/anthropic.ts'
import {
  bytesOf,
  EXCHANGES,
  kindOf,
  MISSING,
  type Exchange,
  type Reading,
} from './support/exchanges.ts'
import { chat, configOf, testHome, type TestGateway } from './support/gateway.ts'
import { countsOf, readStream, readWhole } from './support/readings.ts'
import type { Seen } from './support/upstream.ts'
import { basePathOf, KEY, play, UPSTREAM_MODEL, vendorGateway } from './support/vendor-gateway.ts'

const QUESTION = [{ role: 'user', content: 'What is a canal lock?' }]
const isStream = ({ request }: Exchange): boolean => request.body['stream'] === true

/** Both ways an answer goes: to a caller of the same dialect, and translated for one of another. */
const SURFACES = {
  openai: (gateway: TestGateway, exchange: Exchange): Promise<Response> =>
    chat(gateway, {
      body: {
        model: `${exchange.vendor}/m`,
        messages: QUESTION,
        ...exchange.ask,
        ...(isStream(exchange) ? { stream: true, stream_options: { include_usage: true } } : {}),
      },
    }),
  anthropic: (gateway: TestGateway, exchange: Exchange): Promise<Response> =>
    post(gateway, '/v1/messages', {
      model: `${exchange.vendor}/m`,
      messages: QUESTION,
      max_tokens: 64,
      stream: isStream(exchange),
    }),
}
type SurfaceName = keyof typeof SURFACES

/** What a caller of this surface must read. */
function expected(reads: Reading, surface: SurfaceName): Reading {
  if (surface === 'openai') return reads
  const { cached = null, reasoning = null, prompt = null, completion = null } = reads.usage ?? {}
  return {
    ...reads,
    // an answer with a call asks for it to be run, whatever its server calls that
    finish: reads.finish === 'stop' && reads.calls.length > 0 ? 'tool-calls' : reads.finish,
    // two counts are a must on this surface
    usage: { prompt: prompt ?? 0, completion: completion ?? 0, cached, reasoning },
  }
}

const answerOf = (surface: SurfaceName): ReturnType<typeof chatAnswer> =>
  surface === 'openai' ? chatAnswer() : messagesAnswer()

function checkRequest(
  { name, request }: Exchange,
  surface: SurfaceName,
  seen: Seen | undefined,
): void {
  assert.ok(seen, `${name}: nothing was sent`)
  assert.equal(seen.path, request.path, name)
  const { authorization, 'api-key': apiKey, 'x-api-key': other } = seen.headers
  const credentials = [
    ...(authorization === undefined ? [] : [`authorization: ${authorization}`]),
    ...(apiKey === undefined ? [] : [`api-key: ${String(apiKey)}`]),
    ...(other === undefined ? [] : [`x-api-key: ${String(other)}`]),
  ]
  assert.deepEqual(
    credentials,
    request.credential === null ? [] : [request.credential.replace('KEY', KEY)],
    name,
  )
  const sent: unknown = JSON.parse(seen.body)
  if (surface === 'openai') return assert.deepEqual(sent, request.body, name)
  const { stream, stream_options } = request.body
  assert.deepEqual(
    sent,
    {
      model: UPSTREAM_MODEL,
      messages: QUESTION,
      max_tokens: 64,
      ...(stream === undefined ? {} : { stream }),
      ...(stream_options === undefined ? {} : { stream_options }),
    },
    name,
  )
}

async function checkAnswer(
  exchange: Exchange,
  surface: SurfaceName,
  answer: Response,
): Promise<void> {
  const { expect, name } = exchange
  const bytes = Buffer.from(await answer.arrayBuffer())
  const text = bytes.toString('utf8')
  const where = `${name} (${surface}): ${text.slice(0, 600)}`
  if ('refused' in expect) {
    const { error } = JSON.parse(text) as { error: { code?: string; message: string } } // what is looked at
    assert.equal(answer.status, expect.refused.status, where)
    assert.equal(answer.headers.get('x-ecluse-error') ?? error.code, expect.refused.code, where)
    assert.equal(answer.headers.get('retry-after'), expect.refused.retryAfter ?? null, where)
    if (surface === 'openai' && expect.refused.clientCode !== undefined) {
      assert.equal(error.code, expect.refused.clientCode, where)
    }
    if (expect.refused.says === undefined) assert.doesNotMatch(text, /VENDOR-WORDS|sk-\*/, where)
    else assert.ok(text.includes(expect.refused.says), where)
    return
  }
  assert.equal(answer.status, 200, where)
  // the model that answered is named from the first frame on
  const model = /"model": ?("[^"]+")/.exec(bytesOf(exchange).toString('utf8'))?.[1] ?? ''
  assert.ok(text.includes(`"model":${model}`) && !/"message_start".*"model":""/.test(text), where)
  if ('breaksAfter' in expect) {
    assert.equal(readStream(answerOf(surface), text), null, where)
    assert.doesNotMatch(text, /\[DONE\]|message_stop/, where)
    const shown = answerOf(surface).step(text).events
    const said = shown.flatMap((event) => (event.kind === 'text' ? [event.text] : [])).join('')
    assert.equal(said, expect.breaksAfter, where)
    return
  }
  const read = isStream(exchange)
    ? readStream(answerOf(surface), text)
    : readWhole(answerOf(surface), bytes)
  assert.deepEqual(read, expected(expect.reads, surface), where)
  // between two sides of one dialect nothing is rewritten
  if (surface === 'openai' && !isStream(exchange)) assert.deepEqual(bytes, bytesOf(exchange), where)
}

describe('the exchanges of the vendors', () => {
  test('every row of the table has a whole answer, a stream and an error, or is excused by name', () => {
    const shown = (vendor: string): readonly string[] => [
      ...new Set(EXCHANGES.filter((each) => each.vendor === vendor).map(kindOf)),
    ]
    const lacking = VENDORS.flatMap(({ id }) => {
      const lacks = ['whole', 'stream', 'error'].filter((kind) => !shown(id).includes(kind))
      return lacks.length === 0 ? [] : [{ vendor: id, lacks }]
    })
    assert.deepEqual(
      lacking,
      MISSING.map(({ vendor, lacks }) => ({ vendor, lacks })),
    )
    assert.deepEqual(
      EXCHANGES.filter((each) => kindOf(each) === '').map(({ name }) => name),
      [],
    )
  })

  test('what is not recorded says where it was read', () => {
    for (const { name, basis, source } of EXCHANGES) {
      assert.equal(basis === 'recorded', !source.startsWith('https://'), name)
    }
  })

  test('each request goes out by the row, and each answer arrives on both surfaces, however it is cut', async (t) => {
    const { gateway, upstream } = await vendorGateway(t)
    for (const exchange of EXCHANGES) {
      for (const [surface, ask] of Object.entries(SURFACES) as [
        SurfaceName,
        typeof SURFACES.openai,
      ][]) {
        for (const pieceBytes of isStream(exchange) ? [1_000_000, 13] : [1_000_000]) {
          upstream.act = (response) => play(response, exchange, pieceBytes)
          const answer = await ask(gateway, exchange)
          checkRequest(exchange, surface, upstream.seen.at(-1))
          await checkAnswer(exchange, surface, answer)
        }
      }
    }
  })

  test('a stream cut anywhere reads the same, and its usage is known to the ledger', () => {
    for (const exchange of EXCHANGES.filter((each) => isStream(each) && 'reads' in each.expect)) {
      const { expect, name } = exchange
      if (!('reads' in expect)) continue
      const text = bytesOf(exchange).toString('utf8')
      for (const [surface, newReader] of READERS) {
        const reading = expected(expect.reads, surface)
        for (let cut = 0; cut < text.length; cut += text.length > 3000 ? 7 : 1) {
          const parted = pass(newReader(), [text.slice(0, cut), text.slice(cut)])
          assert.deepEqual(readStream(answerOf(surface), parted.out), reading, `${name} at ${cut}`)
          assert.deepEqual(countsOf(parted.usage), { ...NO_COUNTS, ...expect.reads.usage }, name)
        }
      }
    }
  })

  test('a stream that ends early is never complete', () => {
    for (const exchange of EXCHANGES.filter((each) => isStream(each) && 'reads' in each.expect)) {
      const text = bytesOf(exchange).toString('utf8')
      const finish = text.search(/"(?:native_)?finish_reason": ?"/)
      for (const [, newReader] of READERS) {
        const { closing } = pass(newReader(), [text.slice(0, finish)])
        assert.equal(closing, null, exchange.name)
      }
    }
  })

  test('the words and the key of a vendor come with its host', (t) => {
    for (const vendor of VENDORS.filter(({ kind }) => kind !== 'local')) {
      const url = vendor.baseUrl.replaceAll(/[{}]/g, '')
      const config = configOf(
        testHome(t),
        `destinations:\n  - {id: v, url: "${url}", models: [{name: m}]}\n`,
      )
      assert.deepEqual(config.destinations[0]?.quirks, vendor.quirks, vendor.id)
      assert.ok(basePathOf(vendor).startsWith('/') || basePathOf(vendor) === '', vendor.id)
    }
  })
})

const NO_COUNTS = { prompt: null, completion: null, cached: null, reasoning: null }

const READERS: readonly (readonly [SurfaceName, () => AnswerReader])[] = [
  ['openai', () => nativeReader(true)],
  ['anthropic', () => translated(openAiDialect, messagesWriter('msg_1'))],
]

/** What a caller gets of a stream that comes in these pieces; null as its end where it did not end well. */
function pass(reader: AnswerReader, pieces: readonly string[]) {
  const steps = pieces.map((piece) => reader.step(piece))
  const closing = reader.close()
  const out = steps.map((step) => step.out).join('') + (closing ?? '')
  return { out, closing, usage: reader.usage() }
}
