import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SURFACES } from '#protocols/surface.ts'
import { nanoseconds } from './attributes.ts'
import { operationOf } from './genai-names.ts'
import { observation, refusedEarly } from './observation.fixture.ts'
import { spansOf, type OtlpSpan } from './spans.ts'

let drawn = 0
const counted = (length: number): Uint8Array => {
  drawn += 1
  return new Uint8Array(length).fill(drawn)
}
const place = () => ({ host: 'api.mistral.ai', port: 443 })

const attributesOf = (span: OtlpSpan | undefined) =>
  Object.fromEntries(span?.attributes.map(({ key, value }) => [key, Object.values(value)[0]]) ?? [])

describe('the spans of a request', () => {
  test('are the request, its classification and the call of the destination, one inside the other', () => {
    const [root, classify, call] = spansOf(observation(), place, counted)
    equal(root?.name, 'POST /v1/chat/completions')
    equal(root?.kind, 2)
    equal(root?.parentSpanId, undefined)
    equal(classify?.parentSpanId, root?.spanId)
    equal(call?.parentSpanId, root?.spanId)
    equal(call?.traceId, root?.traceId)
    equal(classify?.startTimeUnixNano, '1700000000000500000')
    equal(classify?.endTimeUnixNano, '1700000000001000000')
    equal(call?.startTimeUnixNano, '1700000000001000000')
    equal(call?.endTimeUnixNano, root?.endTimeUnixNano)
    equal(call?.kind, 3)
  })

  test('name the call by the GenAI conventions', () => {
    const [, , call] = spansOf(observation({ stream: true }), place, counted)
    equal(call?.name, 'chat m')
    deepEqual(attributesOf(call), {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'mistral_ai',
      'gen_ai.request.model': 'm',
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': 0.02,
      'gen_ai.usage.input_tokens': '7',
      'gen_ai.usage.output_tokens': '4',
      'gen_ai.usage.cache_read.input_tokens': '3',
      'server.address': 'api.mistral.ai',
      'server.port': '443',
      'ecluse.destination': 'cloud',
      'ecluse.zone': 'managed',
    })
  })

  test('hang under the span of a caller who has one', () => {
    const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true }
    const [root] = spansOf(observation({ parent }), place, counted)
    equal(root?.traceId, parent.traceId)
    equal(root?.parentSpanId, parent.spanId)
  })

  test('tell a failure by its code, and no call where none was made', () => {
    const failed = observation({ status: 502 }, { status: 'failed', code: 'destination-timeout' })
    const [root, , call] = spansOf(failed, place, counted)
    equal(root?.status.code, 2)
    equal(call?.status.code, 2)
    equal(attributesOf(call)['error.type'], 'destination-timeout')
    const early = spansOf(refusedEarly, place, counted)
    equal(early.length, 1)
    equal(attributesOf(early[0])['error.type'], 'missing-key')
    equal(early[0]?.status.code, undefined)
  })

  test('every surface has an operation, or none by decision', () => {
    for (const surface of SURFACES) ok(operationOf(surface) !== undefined)
    equal(operationOf('openai-embeddings'), 'embeddings')
    equal(operationOf('rerank'), null)
  })

  test('times keep their fractions as nanoseconds', () => {
    equal(nanoseconds(1_700_000_000_000.25), '1700000000000250000')
    equal(nanoseconds(0), '0')
  })
})
