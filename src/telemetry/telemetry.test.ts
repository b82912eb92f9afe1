import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { observation, refusedEarly } from './observation.fixture.ts'
import { emptyHouseTallies } from './scrape.ts'
import { openTelemetry } from './telemetry.ts'
import { readText } from './prometheus-text.fixture.ts'

const opened = (open = { requests: 0, streams: 0 }) =>
  openTelemetry({
    otlp: null,
    house: emptyHouseTallies(),
    sources: {
      version: '1.2.3',
      open: () => open,
      ledger: () => ({ queued: 5, failures: 0 }),
      engine: () => 'ready',
      engineStates: ['absent', 'ready'],
      ready: () => ({ cloud: true, spare: false }),
    },
  })

describe('what a scrape shows', () => {
  test('counts requests, refusals, tokens and findings under closed labels', async () => {
    const telemetry = opened()
    telemetry.observe(observation())
    telemetry.observe(observation())
    telemetry.observe(refusedEarly)
    const { type, text } = await telemetry.scrape()
    equal(type, 'text/plain; version=0.0.4; charset=utf-8')
    const shown = readText(text)
    const labels = 'surface="openai-chat",class="internal",zone="managed",destination="cloud"'
    equal(shown.value(`ecluse_requests_total{${labels},outcome="answered"}`), 2)
    equal(shown.value('ecluse_refusals_total{surface="none",code="missing-key"}'), 1)
    equal(shown.value('ecluse_tokens_total{direction="input",destination="cloud"}'), 14)
    equal(shown.value('ecluse_tokens_total{direction="cached-input",destination="cloud"}'), 6)
    equal(shown.value('ecluse_findings_total{type="EMAIL_ADDRESS"}'), 4)
    equal(shown.value('ecluse_classified_bytes_total'), 2000)
  })

  test('follows the text format: every sample has a type and a help, buckets only grow, and the last is the count', async () => {
    const telemetry = opened()
    for (const durationMs of [1, 41, 41, 900_000]) telemetry.observe(observation({ durationMs }))
    const { text } = await telemetry.scrape()
    const shown = readText(text)
    deepEqual(shown.untyped, [])
    deepEqual(shown.unhelped, [])
    const buckets = shown.samples.filter(
      ({ name }) => name === 'ecluse_request_duration_seconds_bucket',
    )
    const values = buckets.map(({ value }) => value)
    deepEqual(
      values,
      values.toSorted((a, b) => a - b),
    )
    match(buckets.at(-1)?.labels ?? '', /le="\+Inf"/)
    equal(values.at(-1), 4)
    equal(values.at(-2), 3)
    const labels = 'surface="openai-chat",zone="managed",outcome="answered"'
    equal(shown.value(`ecluse_request_duration_seconds_count{${labels}}`), 4)
    equal(shown.value(`ecluse_request_duration_seconds_sum{${labels}}`), 900.083)
  })

  test('tells the state at the moment of the scrape, and the process', async () => {
    const open = { requests: 3, streams: 2 }
    const telemetry = opened(open)
    const first = readText((await telemetry.scrape()).text)
    equal(first.value('ecluse_open_streams'), 2)
    equal(first.value('ecluse_ledger_queue_records'), 5)
    equal(first.value('ecluse_engine_state{state="ready"}'), 1)
    equal(first.value('ecluse_engine_state{state="absent"}'), 0)
    equal(first.value('ecluse_destination_ready{destination="spare"}'), 0)
    equal(first.value('ecluse_build_info{version="1.2.3"}'), 1)
    for (const name of ['process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds'])
      ok(first.value(name) !== undefined, name)
    open.streams = 0
    equal(readText((await telemetry.scrape()).text).value('ecluse_open_streams'), 0)
  })

  test('shows no name that a caller chose', async () => {
    const telemetry = opened()
    const seen = observation()
    const decision = seen.decision && { ...seen.decision, model: 'chosen-by-the-caller' }
    telemetry.observe({ ...seen, decision })
    equal((await telemetry.scrape()).text.includes('chosen-by-the-caller'), false)
  })
})
