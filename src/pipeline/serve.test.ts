import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { ZONES, isOwnZone } from '#kernel/destination.ts'
import { CLASSES, type Label } from '#kernel/label.ts'
import { createTraffic } from '#providers/health/traffic.ts'
import { CHAT_ANSWER, destination, labelOf, run, type Script } from './house.fixture.ts'
import { DEFAULT_TRYING } from './retry-plan.ts'

describe('serve', () => {
  test('an answer comes with its receipt, and leaves a decision and an outcome', async () => {
    const { seen, events } = await run([{ destination: destination('a'), script: 'answers' }])
    assert.equal(seen.text, CHAT_ANSWER)
    assert.deepEqual(seen.receipt, {
      decision: 'decision-1',
      leaf: 'ab',
      class: 'public',
      undetermined: false,
      destination: 'a',
      attempts: 1,
      dropped: [],
    })
    assert.deepEqual(
      events.map(({ type }) => type),
      ['decision', 'outcome'],
    )
    const outcome = events[1]
    assert.ok(outcome?.type === 'outcome')
    assert.equal(outcome.status, 'answered')
    assert.equal(outcome.promptTokens, 5)
  })

  test('nothing of the text is in the evidence', async () => {
    const { events } = await run([{ destination: destination('a'), script: 'answers' }], {
      model: 'CANARY',
    })
    assert.ok(!JSON.stringify(events).includes('CANARY'))
  })

  test('when a destination fails before it has shown anything, the next of the verdict is asked', async () => {
    for (const script of ['unreachable', 'fails', 'credentials', 'html'] as const) {
      const { seen, sent } = await run([
        { destination: destination('a'), script },
        { destination: destination('b'), script: 'answers' },
      ])
      assert.equal(seen.text, CHAT_ANSWER, script)
      assert.deepEqual(
        sent.map((one) => one.destination),
        ['a', 'b'],
        script,
      )
    }
  })

  test('a refusal of the request itself is not tried elsewhere', async () => {
    const { seen, sent } = await run([
      { destination: destination('a'), script: 'refuses' },
      { destination: destination('b'), script: 'answers' },
    ])
    assert.equal(seen.refused?.code, 'destination-refused')
    assert.equal(sent.length, 1)
  })

  test('a stream that breaks after its first frame ends as an interruption and is not tried again', async () => {
    const rows = [
      { destination: destination('a'), script: 'breaks' as const },
      { destination: destination('b'), script: 'streams' as const },
    ]
    const { seen, sent } = await run(rows, { stream: true })
    assert.equal(seen.interrupted?.code, 'destination-unreachable')
    assert.equal(seen.ended, 0)
    assert.ok(!seen.text.includes('[DONE]'))
    assert.equal(sent.length, 1)
  })

  test('the decision is on the disk before a byte leaves for a zone that is not ours', async () => {
    const away = await run([{ destination: destination('a'), script: 'answers' }])
    assert.ok(away.committedAt() < (away.sent[0]?.order ?? 0))
  })

  test('when the decision cannot be recorded, nothing leaves for outside', async () => {
    const away = await run([{ destination: destination('a'), script: 'answers' }], {
      durable: false,
    })
    assert.equal(away.seen.refused?.code, 'ledger-unavailable')
    assert.deepEqual(away.sent, [])
  })

  test('the caller may raise the class and drop zones, never lower or widen', async () => {
    const rows = [{ destination: destination('a'), script: 'answers' as const }]
    const raised = await run(rows, { narrowing: { class: 'restricted' } })
    assert.equal(raised.seen.refused?.code, 'no-eligible-destination')
    const lowered = await run(rows, {
      label: labelOf('restricted'),
      narrowing: { class: 'public' },
    })
    assert.equal(lowered.seen.refused?.code, 'no-eligible-destination')
    const zones = await run(rows, { narrowing: { zones: ['device'] } })
    assert.equal(zones.seen.refused?.code, 'no-eligible-destination')
  })

  test('an unknown model is told as such, and its name is not recorded', async () => {
    const { seen, events } = await run([{ destination: destination('a'), script: 'answers' }], {
      model: 'gpt-x',
    })
    assert.equal(seen.refused?.code, 'unknown-model')
    assert.ok(!JSON.stringify(events).includes('gpt-x'))
  })

  test('whatever fails, no text reaches a destination that its label excludes, and every exchange ends in exactly one way', async () => {
    const script = fc.constantFrom<Script>(
      'answers',
      'streams',
      'refuses',
      'unreachable',
      'fails',
      'breaks',
      'credentials',
      'html',
    )
    const row = fc.record({
      zone: fc.constantFrom(...ZONES),
      clearance: fc.constantFrom(...CLASSES),
      state: fc.constantFrom(
        'enabled' as const,
        'discovered' as const,
        'listed' as const,
        'disabled' as const,
      ),
      script,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 5 }),
        fc.constantFrom(...CLASSES),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        async (rows, dataClass, stream, undetermined, hedges) => {
          const label: Label = undetermined
            ? { class: 'restricted', categories: [], undetermined }
            : labelOf(dataClass)
          const named = rows.map(({ script: how, ...fields }, at) => ({
            destination: destination(`d${at}`, fields),
            script: how,
          }))
          const traffic = createTraffic({
            clock: () => 0,
            random: () => 0.5,
            sleep: async () => {},
          })
          const hedge = hedges ? { share: null, afterMs: 1 } : null
          const house = { traffic, trying: () => ({ ...DEFAULT_TRYING, hedge }) }
          const { sent, seen, events, committedAt } = await run(named, { label, stream, house })
          assert.ok(sent.length <= DEFAULT_TRYING.attempts)
          for (const one of sent) {
            const to = named.find((known) => known.destination.id === one.destination)?.destination
            assert.ok(to)
            const isHome = isOwnZone(to.zone)
            assert.ok(isHome || committedAt() < one.order)
            if (label.class === 'restricted' || label.class === 'confidential') assert.ok(isHome)
            if (label.class === 'internal') assert.notEqual(to.zone, 'api')
            assert.ok(
              to.state === 'enabled' || (to.state === 'discovered' && label.class === 'public'),
            )
            assert.ok(CLASSES.indexOf(label.class) <= CLASSES.indexOf(to.clearance))
          }
          assert.equal(
            Number(seen.refused !== null) + Number(seen.interrupted !== null) + seen.ended,
            1,
          )
          assert.deepEqual(
            events.map(({ type }) => type),
            ['decision', 'outcome'],
          )
        },
      ),
      { numRuns: 500 },
    )
  })
})
