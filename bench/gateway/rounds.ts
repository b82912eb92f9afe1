import { load, quantile, type Measured } from './load.ts'
import { usageOf } from './process-tree.ts'
import type { Run, Row, SlowRow } from './results.ts'
import { SLOW, TOKENS, type Scenario } from './scenarios.ts'
import type { Subject } from './subjects.ts'

/** Requests before anything is counted, so that the code has been compiled as far as it will be. */
const WARM_UP = 15_000
const SETTLE_MS = 150

interface Sample {
  readonly cpuMicros: number
  readonly residentBytes: number
  readonly measured: Measured
}

/** Sends each subject plain requests until its compiler has nothing left to do. */
export async function warmUp(
  scenario: Scenario,
  subjects: readonly Subject[],
  share: number,
): Promise<void> {
  const from = fresh(WARM_UP)
  for (const subject of subjects) await once(scenario, subject, WARM_UP * share, from)
}

let used = 0
/** Indices of bodies that no subject has seen yet. */
const fresh = (count: number): number => {
  used += count
  return used - count
}

/** Every subject in every round, one after the other, each round starting with another one. */
export async function measureRounds(
  scenario: Scenario,
  subjects: readonly Subject[],
  rounds: number,
  share: number,
): Promise<Run> {
  const requests = Math.max(scenario.callers, Math.round(scenario.requests * share))
  const first = fresh(requests)
  for (const subject of subjects) await once(scenario, subject, requests, first)
  const samples = new Map<Subject, Sample[]>(subjects.map((subject) => [subject, []]))
  for (let round = 0; round < rounds; round++) {
    const from = fresh(requests)
    for (let turn = 0; turn < subjects.length; turn++) {
      const subject = subjects[(turn + round) % subjects.length]
      if (!subject) continue
      const sample = await once(scenario, subject, requests, from)
      samples.get(subject)?.push(sample)
    }
  }
  return { scenario: scenario.id, rounds, requests, rows: rowsOf(samples) }
}

async function once(
  scenario: Scenario,
  { id, target, program, share = 1 }: Subject,
  wanted: number,
  from: number,
): Promise<Sample> {
  const requests = Math.max(Math.ceil(wanted * share), Math.min(wanted, scenario.callers))
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  const before = program ? usageOf(program.pid) : null
  const measured = await load({
    target,
    callers: scenario.callers,
    requests,
    body: (index) => scenario.body(from + index),
    tokens: scenario.tokens,
  }).catch((error: unknown) => {
    throw new Error(`${id} in ${scenario.id}`, { cause: error })
  })
  const after = program ? usageOf(program.pid) : null
  return {
    cpuMicros: before && after ? (after.cpuMicros - before.cpuMicros) / requests : 0,
    residentBytes: after?.residentBytes ?? 0,
    measured,
  }
}

function rowsOf(samples: ReadonlyMap<Subject, readonly Sample[]>): readonly Row[] {
  const named = [...samples].map(([{ id }, list]) => ({ id, list }))
  const straight = named.find(({ id }) => id === 'direct')?.list ?? []
  const floor = named.find(({ id }) => id.startsWith('bare'))?.list ?? []
  return named.map(({ id, list }) => {
    const added = (share: number): number =>
      median(
        list.map(
          ({ measured }, round) =>
            quantile(measured.latencies, share) -
            quantile(straight[round]?.measured.latencies ?? [], share),
        ),
      )
    return {
      id,
      cpuMicros: median(list.map(({ cpuMicros }) => cpuMicros)),
      ratio: median(list.map(({ cpuMicros }, round) => cpuMicros / (floor[round]?.cpuMicros ?? 0))),
      perSecond: median(
        list.map(({ measured }) => (measured.requests * 1000) / measured.elapsedMs),
      ),
      addedP50Ms: added(0.5),
      addedP99Ms: added(0.99),
      firstByteP50Ms: median(list.map(({ measured }) => quantile(measured.firstBytes, 0.5))),
      addedFirstByteP50Ms: median(
        list.map(
          ({ measured }, round) =>
            quantile(measured.firstBytes, 0.5) -
            quantile(straight[round]?.measured.firstBytes ?? [], 0.5),
        ),
      ),
      residentMegabytes: Math.max(...list.map(({ residentBytes }) => residentBytes)) / 1e6,
      malformed: list.reduce((sum, { measured }) => sum + measured.malformed, 0),
    }
  })
}

/** All slow streams open at once through each subject in turn. */
export async function measureSlow(
  subjects: readonly Subject[],
  quick: boolean,
): Promise<readonly SlowRow[]> {
  const streams = quick ? 400 : SLOW.streams
  const rows: SlowRow[] = []
  for (const { id, target, program } of subjects) {
    const before = program ? usageOf(program.pid) : null
    let openAfterMs: number | null = null
    let residentBytes = 0
    const started = performance.now()
    try {
      const measured = await load({
        target,
        callers: streams,
        requests: streams,
        body: SLOW.body,
        tokens: TOKENS,
        onAllOpen: () => {
          openAfterMs = performance.now() - started
          residentBytes = program ? usageOf(program.pid).residentBytes : 0
        },
      })
      const after = program ? usageOf(program.pid) : null
      const used = before && after ? after.cpuMicros - before.cpuMicros : 0
      rows.push({
        id,
        streams,
        coreShare: used / 1000 / measured.elapsedMs,
        elapsedMs: measured.elapsedMs,
        openAfterMs,
        kilobytesPerStream: before ? (residentBytes - before.residentBytes) / streams / 1000 : 0,
        malformed: measured.malformed,
        failed: null,
      })
    } catch (error) {
      const failed = error instanceof Error ? error.message : 'failed'
      rows.push({
        id,
        streams,
        failed,
        coreShare: 0,
        elapsedMs: 0,
        openAfterMs,
        kilobytesPerStream: 0,
        malformed: 0,
      })
    }
  }
  return rows
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}
