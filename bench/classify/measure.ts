import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import peerTypes from './peer-types.json' with { type: 'json' }
import type { Job, Line } from './job.ts'
import type { Subject } from './peers.ts'
import type { Prediction } from './row.ts'
import type { Predictions } from './score.ts'

/** Speed over texts in which nothing is to be found; bytes by milliseconds. */
export interface Pace {
  readonly bytes: number
  readonly ms: number
  readonly jsonMs: number | null
  /** How many texts it was. */
  readonly count?: number
}

export interface HostileStep {
  readonly name: string
  readonly size: number
  /** Null: left out because it would have taken too long, or failed. */
  readonly ms: number | null
  readonly failed?: string
}

/** All that one subject showed. */
export interface Measured {
  readonly name: string
  readonly version: string
  readonly note: string
  readonly predictions: Predictions
  /** Rows at which it threw. */
  readonly failedRows: number
  readonly whole: Pace | null
  readonly messages: Pace | null
  readonly hostile: readonly HostileStep[]
  /** Why it did not come to its end; null when it did. */
  readonly broken: string | null
}

/** Runs one subject in a process of its own, and takes what it wrote until it ended or was ended. */
export async function measure(subject: Subject, job: Job, limitMs: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'ecl-classify-'))
  try {
    const jobFile = join(folder, 'job.json')
    const outFile = join(folder, 'out.jsonl')
    writeFileSync(jobFile, JSON.stringify(job))
    const args = [...subject.args, subject.name, jobFile, outFile, subject.folder]
    const child = spawn(subject.program, args, { stdio: 'ignore', timeout: limitMs })
    const [code, signal]: (number | string | null)[] = await once(child, 'exit').catch(() => [
      'no start',
      null,
    ])
    const text = existsSync(outFile) ? readFileSync(outFile, 'utf8') : ''
    const lines = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line) // written by run-subject
    return measured(subject, lines, endOf(lines, code ?? null, signal ?? null))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function endOf(
  lines: readonly Line[],
  code: number | string | null,
  signal: number | string | null,
): string | null {
  if (lines.at(-1)?.kind === 'end' && code === 0) return null
  const last = lines.at(-1)?.kind ?? 'the start'
  return signal === 'SIGTERM'
    ? `stopped at the time limit, after ${last}`
    : `ended with ${String(signal ?? code)}, after ${last}`
}

function measured(subject: Subject, lines: readonly Line[], broken: string | null): Measured {
  const predictions = new Map<string, Prediction>()
  const hostile: HostileStep[] = []
  let version = '?'
  let whole: Pace | null = null
  let messages: Pace | null = null
  const names = namesOf(subject.name)
  for (const line of lines) {
    if (line.kind === 'about') version = line.version
    else if (line.kind === 'whole') whole = line
    else if (line.kind === 'messages') messages = line
    else if (line.kind === 'hostile') hostile.push(line)
    else if (line.kind === 'row') {
      const spans = line.spans.map((span) => ({ ...span, type: names.get(span.type) ?? span.type }))
      predictions.set(line.id, { ...line, spans })
    }
  }
  const failedRows = [...predictions.values()].filter(({ failed }) => failed === true).length
  const { name, note = '' } = subject
  return { name, version, note, predictions, failedRows, whole, messages, hostile, broken }
}

function namesOf(subject: string): ReadonlyMap<string, string> {
  const peers: Readonly<Record<string, Readonly<Record<string, string>>>> = peerTypes.peers
  return new Map(Object.entries(peers[subject] ?? {}))
}
