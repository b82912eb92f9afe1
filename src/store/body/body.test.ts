import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { canonicalJson, type JsonValue } from '#kernel/canonical-json.ts'
import { SAMPLES, sampleDecision, sampleOutcome } from '#ledger/samples.ts'
import { decodeBody } from './decode-body.ts'
import { encodeBody } from './encode-body.ts'
import { FIXED_WORDS } from './fixed-words.ts'
import { SHAPES } from './shapes.ts'

const ID = '01890000-0000-7000-8000-000000000001'

const json = (event: unknown) => event as JsonValue

function words() {
  const texts: string[] = []
  return {
    texts,
    numberOf: (text: string) => {
      if (!texts.includes(text)) texts.push(text)
      return texts.indexOf(text)
    },
    wordOf: (number: number) => texts[number],
  }
}

test('every event comes back byte for byte, and small', () => {
  const { numberOf, wordOf } = words()
  const findings = { FR_NIR: 1, EMAIL_ADDRESS: 300 }
  const events = [
    ...Object.values(SAMPLES),
    sampleDecision({
      findings,
      categories: ['personal'],
      team: 'legal',
      health: { cloud: 'down' },
    }),
    sampleOutcome(ID, { costMicro: 12, energyMwh: 0.1, sentTo: ['a', 'b'], dropped: ['seed'] }),
    // a field that no shape knows
    { ...sampleOutcome(ID), future: { deep: [1, null, -5, 1e300, true, 'é'] } },
  ]
  for (const event of events) {
    const payload = canonicalJson(json(event))
    const body = encodeBody(payload, ID, numberOf)
    assert.equal(decodeBody(body, ID, wordOf), payload)
    assert.notEqual(body[0], 0x7b)
  }
  assert.ok(encodeBody(canonicalJson(json(sampleDecision())), ID, numberOf).length <= 34)
  assert.ok(encodeBody(canonicalJson(json(sampleOutcome(ID))), ID, numberOf).length <= 18)
})

test('any payload comes back byte for byte, canonical or not', () => {
  const events = fc.record({
    type: fc.constantFrom('decision', 'outcome', 'new'),
    value: fc.jsonValue({ stringUnit: 'binary' }),
  })
  fc.assert(
    fc.property(events, fc.boolean(), (event, isKnown) => {
      const { numberOf, wordOf } = words()
      const payload = canonicalJson(json(event))
      const body = encodeBody(payload, ID, isKnown ? numberOf : () => undefined)
      assert.equal(decodeBody(body, ID, wordOf), payload)
    }),
  )
  for (const payload of [
    '{"b":1,"a":2}',
    '{ "a":1}',
    '{"a":"\ud83d\ude00"}',
    '{"a":1.0}',
    '{"a":1',
    '{"a":01}',
    '{"a":"\n"}',
    '{"a":[1,]}',
    '{"a":-0}',
    '',
  ]) {
    assert.equal(
      decodeBody(
        encodeBody(payload, ID, () => 1),
        ID,
        () => 'x',
      ),
      payload,
    )
  }
  assert.equal(
    decodeBody(
      encodeBody('{"a":"\\ud800"}', ID, () => 1),
      ID,
      () => 'x',
    ),
    '{"a":"\\ud800"}',
  )
})

test('bytes that are none of ours are null, never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const text = decodeBody(bytes, ID, () => undefined)
      assert.ok(text === null || typeof text === 'string')
    }),
    { numRuns: 2000 },
  )
  assert.equal(
    decodeBody(Buffer.alloc(4000, 0x49), ID, () => undefined),
    null,
  )
})

test('no byte of a decision or an outcome can be another and say the same', () => {
  const { numberOf, wordOf } = words()
  for (const event of [sampleDecision(), sampleOutcome(ID), sampleOutcome(ID, { sentTo: ['a'] })]) {
    const payload = canonicalJson(json(event))
    const body = encodeBody(payload, ID, numberOf)
    for (const [at, byte] of body.entries()) {
      for (let other = 0; other < 256; other += 1) {
        if (other === byte) continue
        const changed = Uint8Array.from(body)
        changed[at] = other
        assert.notEqual(decodeBody(changed, ID, wordOf), payload, `${at}: ${byte} to ${other}`)
      }
    }
  }
})

test('what is stored stays readable: layouts and words keep their numbers', () => {
  const names = SHAPES.map(({ type, fields }) =>
    [type, ...fields.map(({ name }) => name)].join(' '),
  )
  assert.deepEqual(names.slice(0, 2), [
    'decision application catalogue categories class destination findings health inputTokens key model policy refusal served surface team type undetermined v zone zones',
    'outcome cachedTokens code completionTokens costMicro decision destination dropped energyMwh firstByteMs promptTokens reasoningTokens sentTo status totalMs type v',
  ])
  assert.deepEqual(
    [FIXED_WORDS[0], FIXED_WORDS[19], FIXED_WORDS[26]],
    ['public', 'company', 'answered'],
  )
  assert.ok(FIXED_WORDS.length <= 128)
  assert.ok(SHAPES.length <= 128, 'the number of a layout has seven bits')
  assert.equal(new Set(FIXED_WORDS).size, FIXED_WORDS.length)
  const bodies = {
    decision: '4b00004c004900804c014a014c02014a000c4c039e4c04404c059f419440',
    outcome: '4b01004022464c01380c9a439506',
  }
  for (const [type, body] of Object.entries(bodies)) {
    const texts = [
      '9a8b7c6d5e4f3a2b',
      'embedded',
      'FR_NIR',
      'a1B2c3D4',
      '3f1c2d4e5a6b7c8d',
      'smollm2-135m',
    ]
    const payload = decodeBody(Buffer.from(body, 'hex'), ID, (number) => texts[number])
    const event =
      type === 'decision' ? sampleDecision({ findings: { FR_NIR: 1 } }) : sampleOutcome(ID)
    assert.equal(payload, canonicalJson(json(event)))
  }
})

test('an event of the newest kind has a layout: none is stored with the names of its fields', () => {
  const held = { 'team-month@1764547200': 1200 }
  const limits = { models: null, maxClass: null, zones: null }
  const events = [
    sampleDecision({ held, limits, person: 'p1', purpose: 'support', team: 't', application: 'a' }),
    sampleOutcome(ID, {
      costMicro: 1,
      currency: 'EUR',
      energyMwh: 1,
      countedTokens: 3,
      settled: { 'team-month@1764547200': [1200, 900] },
    }),
  ]
  const { numberOf, wordOf } = words()
  for (const event of events) {
    const payload = canonicalJson(json(event))
    const body = encodeBody(payload, ID, numberOf)
    assert.equal(decodeBody(body, ID, wordOf), payload)
    assert.equal(body[0], 0x4b)
  }
})
