import type { Limits } from './budget.ts'
import { scanFile, type ScannedFile } from './scan-file.ts'
import { RULES, type RuleCode } from './rules.ts'
import type { Tree, TreeEntry } from './tree.ts'
import {
  verdictOf,
  worst,
  type ExceptionKind,
  type FileReport,
  type Finding,
  type ScanReport,
} from './verdict.ts'

/** More files than any model has. */
const MOST_FILES = 100_000

export interface TreeScan {
  readonly root: string
  readonly tree: Tree
  readonly limits?: Limits
  /** Templates of the model that this one derives from, to be compared with. */
  readonly base?: ReadonlyMap<string, string> | undefined
  /** Called before each file. */
  readonly onFile?: (path: string) => void
}

interface Seen {
  readonly report: FileReport
  readonly weights: boolean
  readonly templates: ScannedFile['templates']
}

/** Judges a folder or a file, one file after another. */
export function scanTree(options: TreeScan): ScanReport {
  const seen: Seen[] = []
  let bytesRead = 0
  for (const entry of options.tree.list()) {
    if (seen.length >= MOST_FILES) {
      seen.push(entryOnly(entry.path, 'limit-reached'))
      break
    }
    const rule = RULE_OF_ENTRY[entry.kind]
    if (rule !== null && entry.kind !== 'outside') {
      seen.push(entryOnly(entry.path, rule))
      continue
    }
    options.onFile?.(entry.path)
    const { scanned, read } = scanEntry(entry, options)
    bytesRead += read
    seen.push(scanned)
  }
  return summarise(options.root, compareTemplates(seen, options.base), bytesRead)
}

const RULE_OF_ENTRY: Readonly<Record<TreeEntry['kind'], RuleCode | null>> = {
  file: null,
  outside: 'link-outside',
  'folder-skipped': 'folder-skipped',
  special: 'special-file',
  dangling: 'dangling-link',
  'folder-link': 'folder-link',
  unreadable: 'cannot-be-read',
}

function scanEntry(
  entry: TreeEntry,
  options: TreeScan,
): { readonly scanned: Seen; readonly read: number } {
  const file = options.tree.open(entry.path)
  if (file === null) return { scanned: entryOnly(entry.path, 'cannot-be-read'), read: 0 }
  try {
    const folder = entry.path.replace(/[^/]*$/, '')
    const { report, judged, bytesRead, templates } = scanFile({
      path: entry.path,
      source: file.source,
      neighbours: { sizeOf: (path) => options.tree.sizeOf(folder + path) },
      ...(options.limits && { limits: options.limits }),
    })
    const rules: RuleCode[] = [
      ...(file.unchanged() ? [] : (['changed-while-scanned'] as const)),
      ...(entry.kind === 'outside' ? (['link-outside'] as const) : []),
    ]
    const scanned = { report, weights: judged.weights, templates }
    return {
      scanned: rules.reduce((so, rule) => withFinding(so, rule), scanned),
      read: bytesRead,
    }
  } finally {
    file.close()
  }
}

/** A report on something that was not opened. */
function entryOnly(path: string, rule: RuleCode): Seen {
  const report: FileReport = {
    path,
    format: 'none',
    size: 0,
    verdict: 'clean',
    servable: true,
    exception: null,
    findings: [],
    templates: [],
    facts: {},
  }
  return withFinding({ report, weights: false, templates: [] }, rule)
}

function withFinding<T extends { readonly report: FileReport }>(
  seen: T,
  rule: RuleCode,
  at?: string,
): T {
  const { report } = seen
  const { severity, effect } = RULES[rule]
  const place = at === undefined ? { file: report.path } : { file: report.path, at }
  const finding: Finding = { rule, severity, effect, place }
  const findings = [...report.findings, finding]
  const verdict = verdictOf(findings)
  const servable = verdict === 'clean' && report.exception === null
  return { ...seen, report: { ...report, findings, verdict, servable } }
}

/** The name that a template has whatever file carries it: one model, one template of each name. */
const roleOf = (name: string): string =>
  name
    .replace(/^tokenizer\./, '')
    .replace(/\.jinja2?$/, '')
    .replace(/^chat_template$/, 'default')
    .replace(/^chat_template\./, '')

/** Templates compared with the base model's, where one was given, and with one another. */
function compareTemplates(
  seen: readonly Seen[],
  base: ReadonlyMap<string, string> | undefined,
): readonly Seen[] {
  const texts = new Map<string, Set<string>>()
  for (const { templates } of seen) {
    for (const { name, text } of templates) {
      const role = roleOf(name)
      texts.set(role, (texts.get(role) ?? new Set()).add(normalised(text)))
    }
  }
  return seen.map((file) =>
    file.templates.reduce((so, { name, text }) => {
      const others = texts.get(roleOf(name))
      const disagrees = others !== undefined && others.size > 1
      const told = disagrees ? withFinding(so, 'template-disagrees', name) : so
      if (base === undefined) return told
      const expected = base.get(roleOf(name))
      if (expected === undefined) return withFinding(told, 'template-no-base', name)
      return expected === normalised(text) ? told : withFinding(told, 'template-drift', name)
    }, file),
  )
}

/** Line ends and the white space at the ends differ between writers, and change nothing. */
const normalised = (text: string): string => text.replaceAll('\r\n', '\n').trim()

/** The templates of a scanned model by name, to be given as the base of another one. */
export function baseTemplates(tree: Tree, limits?: Limits): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const entry of tree.list()) {
    const carries =
      /(?:\.gguf|\.jinja2?|(?:tokenizer_config|chat_template|processor_config)\.json)$/i
    if (entry.kind !== 'file' || !carries.test(entry.path)) continue
    const file = tree.open(entry.path)
    if (file === null) continue
    try {
      const { templates } = scanFile({
        path: entry.path,
        source: file.source,
        ...(limits && { limits }),
      })
      for (const { name, text } of templates) found.set(roleOf(name), normalised(text))
    } finally {
      file.close()
    }
  }
  return found
}

function summarise(root: string, seen: readonly Seen[], bytesRead: number): ScanReport {
  const files = seen.map(({ report }) => report)
  const verdict = worst(files.map((file) => file.verdict))
  const kinds = new Map<ExceptionKind, string[]>()
  for (const { exception, path } of files) {
    if (exception !== null) kinds.set(exception, [...(kinds.get(exception) ?? []), path])
  }
  const exceptions = [...kinds].map(([kind, paths]) => ({ kind, files: paths }))
  const hasWeights = seen.some(({ weights }) => weights)
  return {
    root,
    verdict,
    servable: verdict === 'clean' && exceptions.length === 0 && hasWeights,
    exceptions,
    files,
    bytesRead,
  }
}
