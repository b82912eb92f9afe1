import { Worker } from 'node:worker_threads'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import type { StoredFile } from '../weights/blob-tree.ts'
import type { ScanReport } from '../weights/verdict.ts'
import { FORMAT_RULES } from './change-record.ts'
import { EXCEPTION_KINDS, type RecordedScan } from './record.ts'
import type { ScanTask } from './scan-thread.ts'

/** Version of the rules of this scanner; a record says by which it was judged. */
export const SCANNER_VERSION = '2'

export interface ScanBudget {
  /** A scan beyond it is not analysed. */
  readonly timeMs: Milliseconds
  /** Heap of the thread, mebibytes. */
  readonly memoryMib: number
}

/** Far beyond what the largest published models take: headers are read, tensors are not. */
export const SCAN_BUDGET: ScanBudget = { timeMs: 600_000, memoryMib: 2048 }

/** Findings kept in a record; a model with more of them is not cleared by reading them. */
const MOST_FINDINGS = 100
const MOST_TEMPLATES = 50

/** Judges the files of a model in a thread of its own, which dies with its budget; null when it was told to stop. Never rejects. */
export async function scanApart(
  task: ScanTask,
  now: () => EpochMs,
  budget: ScanBudget = SCAN_BUDGET,
  signal?: AbortSignal,
): Promise<RecordedScan | null> {
  const report = await reportOf(task, budget, signal)
  if (report === null && signal?.aborted === true) return null
  return report === null ? notAnalysed(task.files, now()) : recorded(report, now())
}

function reportOf(
  task: ScanTask,
  budget: ScanBudget,
  signal: AbortSignal | undefined,
): Promise<ScanReport | null> {
  if (signal?.aborted === true) return Promise.resolve(null)
  const worker = new Worker(new URL('./scan-thread.ts', import.meta.url), {
    workerData: task,
    env: {},
    execArgv: [],
    name: 'scan',
    resourceLimits: { maxOldGenerationSizeMb: budget.memoryMib },
  })
  const { promise, resolve } = Promise.withResolvers<ScanReport | null>()
  const giveUp = (): void => resolve(null)
  signal?.addEventListener('abort', giveUp, { once: true })
  const timer = setTimeout(() => resolve(null), budget.timeMs)
  worker.on('message', (report: ScanReport) => resolve(report))
  worker.on('error', () => resolve(null))
  worker.on('exit', () => resolve(null))
  return promise.finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', giveUp)
    void worker.terminate()
  })
}

/** What of a report goes into a record. */
export function recorded(report: ScanReport, at: EpochMs): RecordedScan {
  const findings = report.files.flatMap(({ path, findings: found }) =>
    found.map(({ rule, severity }) => ({ rule, severity, file: path.slice(0, 4096) })),
  )
  // what weighs most comes first: the rest may be cut off
  const order = ['critical', 'high', 'medium', 'low']
  findings.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
  // and what no exception answers for before what one does: a hundred strange files must not hide it
  const { formats = [], others = [] } = Object.groupBy(findings, ({ rule }) =>
    FORMAT_RULES.has(rule) ? 'formats' : 'others',
  )
  const templates = report.files.flatMap((file) => file.templates)
  return {
    scanner: SCANNER_VERSION,
    at,
    verdict: report.verdict,
    servable: report.servable,
    needs: EXCEPTION_KINDS.filter((kind) => report.exceptions.some((one) => one.kind === kind)),
    findings: [...others, ...formats].slice(0, MOST_FINDINGS),
    templates: templates
      .slice(0, MOST_TEMPLATES)
      .map(({ name, sha256 }) => ({ name: name.slice(0, 200), sha256 })),
  }
}

/** The thread is gone without a word: beyond its time or memory, which is never taken for clean. */
const notAnalysed = (files: readonly StoredFile[], at: EpochMs): RecordedScan => ({
  scanner: SCANNER_VERSION,
  at,
  verdict: 'not-analysed',
  servable: false,
  needs: [],
  findings: [
    { rule: 'limit-reached', severity: 'medium', file: files[0]?.path.slice(0, 4096) ?? '' },
  ],
  templates: [],
})
