import { Budget, LIMITS, OutOfBudget, type Limits } from './budget.ts'
import { metered, type ByteSource } from './bytes/byte-source.ts'
import { scanBytes } from './scan-bytes.ts'
import { Findings, NO_NEIGHBOURS, Scan, type Neighbours } from './scan.ts'
import { verdictOf, type FileReport, type Judged } from './verdict.ts'

export interface FileInput {
  /** As it is told, and as its extension is read. */
  readonly path: string
  readonly source: ByteSource
  readonly neighbours?: Neighbours
  readonly limits?: Limits
}

export interface ScannedFile {
  readonly report: FileReport
  readonly judged: Judged
  readonly bytesRead: number
  readonly templates: Findings['templateTexts']
}

/** Thrown by a source whose bytes cannot be had any more. */
export class Unreadable extends Error {}

/** Judges one file. Never throws for what is in it: a scan that cannot be finished says so. */
export function scanFile(input: FileInput): ScannedFile {
  const { path } = input
  const budget = new Budget(input.limits ?? LIMITS)
  const findings = new Findings()
  const scan = new Scan({
    file: path,
    members: [],
    name: path,
    budget,
    findings,
    neighbours: input.neighbours ?? NO_NEIGHBOURS,
    descend: (source, inner) => void scanBytes(source, inner),
  })
  const source = metered(input.source, (bytes) => budget.readBytes(bytes))
  let judged: Judged = { format: 'unknown', exception: 'unknown-format', weights: false }
  try {
    judged = scanBytes(source, scan)
  } catch (error) {
    if (error instanceof OutOfBudget) scan.report('limit-reached', {}, error.limit)
    else if (error instanceof Unreadable) scan.report('cannot-be-read')
    // the stack of a parser, or memory for one member: the file asked for more than it may have
    else if (error instanceof RangeError) scan.report('limit-reached', {}, 'memory')
    else throw error
  }
  const verdict = verdictOf(findings.list)
  return {
    judged,
    bytesRead: budget.bytesRead,
    templates: findings.templateTexts,
    report: {
      path,
      format: judged.format,
      size: input.source.size,
      verdict,
      servable: verdict === 'clean' && judged.exception === null,
      exception: judged.exception,
      findings: findings.list,
      templates: findings.templates,
      facts: findings.facts,
    },
  }
}
