import type { Budget } from './budget.ts'
import { OutOfBudget } from './budget.ts'
import type { ByteSource } from './bytes/byte-source.ts'
import { printable } from './printable.ts'
import { RULES, type RuleCode } from './rules.ts'
import type { Finding, Place, TemplateFact } from './verdict.ts'

/** What lies beside a file: names with their sizes, to check references to other files. */
export interface Neighbours {
  /** Size of a regular file by its path relative to the file's folder; null where there is none. */
  sizeOf(path: string): number | null
}

/** No folder: a member of an archive, or bytes in memory. */
export const NO_NEIGHBOURS: Neighbours = { sizeOf: () => null }

/** More findings than a person reads; what was left out is counted on. */
const MOST_FINDINGS = 200

export type Where = Omit<Place, 'file' | 'member'>

/** Everything found in one file on the disk, its members included. */
export class Findings {
  readonly #found = new Map<string, Finding>()
  readonly templates: TemplateFact[] = []
  readonly facts: Record<string, string | number> = {}
  /** Texts of the templates, kept for comparison only; never shown. */
  readonly templateTexts: { readonly name: string; readonly text: string }[] = []

  add(rule: RuleCode, place: Place, subject?: string): void {
    const shown = subject === undefined ? undefined : printable(subject)
    const key = `${rule}\n${place.member ?? ''}\n${shown ?? ''}`
    const before = this.#found.get(key)
    if (before !== undefined) {
      this.#found.set(key, { ...before, again: (before.again ?? 0) + 1 })
      return
    }
    const { severity, effect } = RULES[rule]
    // what changes the verdict is never the one that is left out
    if (this.#found.size >= MOST_FINDINGS && effect === 'warn') return
    if (this.#found.size >= MOST_FINDINGS * 2) return
    const finding: Finding = { rule, severity, effect, place }
    this.#found.set(key, shown === undefined ? finding : { ...finding, subject: shown })
  }

  get list(): readonly Finding[] {
    return [...this.#found.values()]
  }
}

/** Looks at the bytes of a member; given by the dispatcher, so that formats need not know each other. */
export type Descend = (source: ByteSource, scan: Scan) => void

interface ScanParts {
  readonly file: string
  readonly members: readonly string[]
  readonly name: string
  readonly budget: Budget
  readonly findings: Findings
  readonly neighbours: Neighbours
  readonly descend: Descend
}

/** One look at one run of bytes: where we are, what it may cost, where findings go. */
export class Scan {
  readonly #parts: ScanParts

  constructor(parts: ScanParts) {
    this.#parts = parts
  }

  /** Name of the file or member, which its extension is read from. */
  get name(): string {
    return this.#parts.name
  }

  get depth(): number {
    return this.#parts.members.length
  }

  get budget(): Budget {
    return this.#parts.budget
  }

  get neighbours(): Neighbours {
    return this.#parts.neighbours
  }

  get findings(): Findings {
    return this.#parts.findings
  }

  report(rule: RuleCode, where: Where = {}, subject?: string): void {
    const { file, members, findings } = this.#parts
    const place = { file, ...where }
    findings.add(
      rule,
      members.length === 0 ? place : { ...place, member: members.map(printable).join('!') },
      subject,
    )
  }

  /** A fact that the file tells of itself, told only of the file and not of its members. */
  fact(name: string, value: string | number): void {
    if (this.depth === 0) {
      this.findings.facts[name] = typeof value === 'string' ? printable(value) : value
    }
  }

  /** Scans bytes found inside under a name. */
  inside(name: string, source: ByteSource): void {
    if (this.depth >= this.budget.limits.depth) throw new OutOfBudget('depth')
    const members = [...this.#parts.members, name]
    const scan = new Scan({ ...this.#parts, members, name, neighbours: NO_NEIGHBOURS })
    this.#parts.descend(source, scan)
  }
}
