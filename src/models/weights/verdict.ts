import type { RuleCode } from './rules.ts'

/** Nothing against it; it breaks a rule; nothing can be said of it, which is never taken for clean. */
export type Verdict = 'clean' | 'forbidden' | 'not-analysed'

export type Severity = 'critical' | 'high' | 'medium' | 'low'

/** What a finding does to the verdict: `warn` leaves it as it is. */
export type Effect = 'forbid' | 'unread' | 'warn'

/** Where something was found; offsets count bytes from the beginning of the innermost member. */
export interface Place {
  /** Path as it was given, or relative to the folder that was. */
  readonly file: string
  /** Members from the outside in, joined by `!`. */
  readonly member?: string
  readonly offset?: number
  /** Name of the pickle opcode, of the tensor's field, of the template's statement. */
  readonly at?: string
}

export interface Finding {
  readonly rule: RuleCode
  readonly severity: Severity
  readonly effect: Effect
  readonly place: Place
  /** The name that the rule speaks of (a global, a key, a member), printable and cut to 160 characters. */
  readonly subject?: string
  /** How often the same thing was found at further places. */
  readonly again?: number
}

/** What must be allowed by a signed exception before a file of this kind may be served. */
export type ExceptionKind =
  | 'pickle'
  | 'torchscript'
  | 'keras'
  | 'onnx'
  | 'tensorflow'
  | 'tflite'
  | 'numpy'
  | 'archive'
  | 'executable'
  | 'code'
  | 'unknown-format'

/** What a run of bytes turned out to be, and what serving it would need. */
export interface Judged {
  readonly format: string
  readonly exception: ExceptionKind | null
  /** Of a kind that is served without an exception. */
  readonly weights: boolean
}

/** What a chat template is, to be compared and kept. */
export interface TemplateFact {
  readonly name: string
  readonly sha256: string
}

export interface FileReport {
  readonly path: string
  readonly format: string
  readonly size: number
  readonly verdict: Verdict
  /** Clean, and of a kind that is served without an exception, or that only accompanies weights. */
  readonly servable: boolean
  readonly exception: ExceptionKind | null
  readonly findings: readonly Finding[]
  readonly templates: readonly TemplateFact[]
  /** What the file says of itself: architecture, licence, base model, number of tensors. */
  readonly facts: Readonly<Record<string, string | number>>
}

export interface ScanReport {
  readonly root: string
  readonly verdict: Verdict
  /** Clean, with weights in it that need no exception. */
  readonly servable: boolean
  /** The exceptions that serving it would need, with the files that need them. */
  readonly exceptions: readonly {
    readonly kind: ExceptionKind
    readonly files: readonly string[]
  }[]
  readonly files: readonly FileReport[]
  readonly bytesRead: number
}

/** The worst of several verdicts: what is forbidden outweighs what is unknown. */
export const worst = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes('forbidden')
    ? 'forbidden'
    : verdicts.includes('not-analysed')
      ? 'not-analysed'
      : 'clean'

/** The verdict that findings amount to. */
export const verdictOf = (findings: readonly Pick<Finding, 'effect'>[]): Verdict =>
  worst(
    findings.map(({ effect }) =>
      effect === 'forbid' ? 'forbidden' : effect === 'unread' ? 'not-analysed' : 'clean',
    ),
  )
