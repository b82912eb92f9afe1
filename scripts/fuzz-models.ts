// Gives every parser of the models' rooms what no writer writes, in a thread that is watched.
//   node scripts/fuzz-models.ts [--minutes 10] [--seed N] [--only WORD] [--keep FOLDER]
//   node scripts/fuzz-models.ts --only NAME --seed N --round R     one round again
// Ends with 1 when a parser throws, takes no end, or needs more memory than it may; the input is then kept, and the words
// that bring it back are told.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { allTargets } from '../src/models/fuzzing/all-targets.ts'
import { inputOf, runRound } from '../src/models/fuzzing/one-round.ts'

/** An input of some kilobytes takes milliseconds; so long without an end is a hang, ms. */
const LONGEST_ROUND_MS = 60_000
/** Processor time of one round that is told of as slow, ms. */
const SLOW_MS = 2000
const MOST_MEMORY = 2 * 1024 ** 3
/** Rounds of one parser before the next has its turn. */
const TURN = 200

const Task = z.object({
  seed: z.number(),
  folder: z.string(),
  only: z.string().nullable(),
  first: z.number(),
  /** Target and round that are running. */
  now: z.instanceof(SharedArrayBuffer),
})
type Task = z.infer<typeof Task>

interface Report {
  readonly target: string
  readonly rounds: number
  readonly cpuMs: number
  readonly slowest: { readonly ms: number; readonly round: number }
  readonly outcomes: Readonly<Record<string, number>>
}
type Said =
  | { readonly kind: 'report'; readonly report: Report }
  | {
      readonly kind: 'failed'
      readonly target: string
      readonly round: number
      readonly error: string
    }

async function work({ seed, folder, only, first, now }: Task): Promise<void> {
  const targets = await chosen(folder, only)
  const place = new Int32Array(now)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  const post = (said: Said): void => parentPort?.postMessage(said)
  for (let from = first; ; from += TURN) {
    for (const [at, target] of targets.entries()) {
      const outcomes: Record<string, number> = {}
      let slowest = { ms: 0, round: 0 }
      const start = process.threadCpuUsage()
      for (let round = from; round < from + TURN; round++) {
        Atomics.store(place, 0, at)
        Atomics.store(place, 1, round)
        const before = process.threadCpuUsage()
        try {
          const outcome = await runRound(target, seed, round)
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
        } catch (error) {
          post({ kind: 'failed', target: target.name, round, error: String(error) })
        }
        const ms = msOf(process.threadCpuUsage(before))
        if (ms > slowest.ms) slowest = { ms, round }
      }
      const cpuMs = msOf(process.threadCpuUsage(start))
      post({
        kind: 'report',
        report: { target: target.name, rounds: TURN, cpuMs, slowest, outcomes },
      })
    }
  }
}

const msOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000

async function chosen(folder: string, only: string | null) {
  const all = await allTargets(folder)
  return only === null ? all : all.filter(({ name }) => name.includes(only))
}

interface Total {
  rounds: number
  cpuMs: number
  slowest: { ms: number; round: number }
  readonly outcomes: Record<string, number>
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    only: { type: 'string' },
    round: { type: 'string' },
    keep: { type: 'string', default: 'fuzz-failures' },
  },
})

async function watch(): Promise<number> {
  const seed = Number(values.seed ?? Math.floor(performance.timeOrigin) % 2 ** 31)
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-models-'))
  const only = values.only ?? null
  const targets = await chosen(folder, only)
  const now = new SharedArrayBuffer(8)
  const place = new Int32Array(now)
  const totals = new Map<string, Total>()
  const failed = new Set<string>()
  let peak = 0
  const keep = (target: string, round: number, what: string): void => {
    if (failed.has(`${target} ${what}`)) return
    failed.add(`${target} ${what}`)
    const found = targets.find(({ name }) => name === target)
    mkdirSync(values.keep, { recursive: true })
    const path = join(values.keep, `${target.replaceAll(/\W+/g, '-')}-${seed}-${round}.bin`)
    if (found !== undefined) writeFileSync(path, inputOf(found, seed, round))
    process.stderr.write(
      `${target}: ${what}\n  --only "${target}" --seed ${seed} --round ${round}\n  ${path}\n`,
    )
  }
  const take = (said: Said): void => {
    if (said.kind === 'failed') return keep(said.target, said.round, said.error)
    const { target, rounds, cpuMs, slowest, outcomes } = said.report
    const total: Total = totals.get(target) ?? { rounds: 0, cpuMs: 0, slowest, outcomes: {} }
    totals.set(target, total)
    total.rounds += rounds
    total.cpuMs += cpuMs
    if (slowest.ms > total.slowest.ms) total.slowest = slowest
    for (const [outcome, count] of Object.entries(outcomes))
      total.outcomes[outcome] = (total.outcomes[outcome] ?? 0) + count
  }
  const begin = (first: number): Worker => {
    const task: Task = { seed, folder, only, first, now }
    const worker = new Worker(new URL(import.meta.url), { workerData: task })
    worker.on('message', take)
    worker.on('error', (error) =>
      keep(
        targets[Atomics.load(place, 0)]?.name ?? '?',
        Atomics.load(place, 1),
        `the thread ended: ${String(error)}`,
      ),
    )
    return worker
  }
  process.stderr.write(`seed ${seed}, ${targets.length} parsers\n`)
  let worker = begin(0)
  let [at, round, since] = [-1, -1, performance.now()]
  const until = performance.now() + Number(values.minutes) * 60_000
  while (performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const memory = process.memoryUsage.rss()
    peak = Math.max(peak, memory)
    const [target, running] = [Atomics.load(place, 0), Atomics.load(place, 1)]
    if (target !== at || running !== round)
      [at, round, since] = [target, running, performance.now()]
    const isHung = performance.now() - since > LONGEST_ROUND_MS
    if (!isHung && memory < MOST_MEMORY) continue
    keep(targets[target]?.name ?? '?', running, isHung ? 'no end' : `${memory} bytes of memory`)
    await worker.terminate()
    worker = begin(running + TURN)
    since = performance.now()
  }
  await worker.terminate()
  rmSync(folder, { recursive: true, force: true })
  show(totals, seed, peak, failed.size)
  return failed.size === 0 ? 0 : 1
}

function show(
  totals: ReadonlyMap<string, Total>,
  seed: number,
  peak: number,
  failures: number,
): void {
  let rounds = 0
  for (const [name, total] of totals) {
    rounds += total.rounds
    const common = Object.entries(total.outcomes).toSorted(([, left], [, right]) => right - left)
    const told = common.slice(0, 5).map(([outcome, count]) => `${outcome} ${count}`)
    const slow = total.slowest.ms > SLOW_MS ? ` SLOW at round ${total.slowest.round}` : ''
    process.stdout.write(
      `${name.padEnd(46)}${String(total.rounds).padStart(8)}  ${(total.cpuMs / total.rounds).toFixed(2).padStart(7)} ms  slowest ${total.slowest.ms.toFixed(0)} ms${slow}  ${told.join(', ')}\n`,
    )
  }
  process.stdout.write(
    `${rounds} inputs, seed ${seed}, ${(peak / 1e6).toFixed(0)} MB at most, ${failures} failures\n`,
  )
}

async function again(round: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-models-'))
  try {
    for (const target of await chosen(folder, values.only ?? null)) {
      const outcome = await runRound(target, Number(values.seed), round)
      process.stdout.write(`${target.name}: ${outcome}\n`)
    }
    return 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (isMainThread)
  process.exitCode = values.round === undefined ? await watch() : await again(Number(values.round))
else await work(Task.parse(workerData))
