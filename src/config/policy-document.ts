import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { err, ok, type Result } from '#kernel/result.ts'
import { configText, readConfigFile, type ConfigFile } from './config-file.ts'
import { duplicates } from './destination-rows.ts'
import {
  PolicyBody,
  policyProblems,
  settledPolicy,
  type FilePolicy,
  type SettledPolicy,
} from './policy-section.ts'
import type { ConfigProblem, PathProblem } from './problems.ts'
import type { Reading } from './reading.ts'
import { shapeProblems } from './shape-problems.ts'

/** Bytes of one policy; the same as of a configuration. */
export const MAX_POLICY_BYTES = 1_048_576

const Wrapped = z.object({ policy: PolicyBody })

/** What a document says, or all that is wrong with it. */
function policyIn(file: ConfigFile): Result<FilePolicy, readonly ConfigProblem[]> {
  const problems: ConfigProblem[] = [...file.problems]
  // keys are known by where they stand in the configuration
  const root = { policy: file.value }
  const complain = ({ path, ...problem }: PathProblem): void => {
    problems.push(file.locate({ ...problem, path: path.slice(1) }))
  }
  const parsed = Wrapped.safeParse(root)
  if (!parsed.success) shapeProblems(parsed.error.issues, root).forEach(complain)
  policyProblems(file.value).forEach(complain)
  const rules = parsed.data?.policy.rules ?? []
  for (const [i, id] of duplicates(rules.map((rule) => rule.id)))
    complain({ code: 'duplicate-id', path: ['policy', 'rules', i, 'id'], detail: { id } })
  return parsed.success && problems.length === 0 ? ok(parsed.data.policy) : err(problems)
}

/** A policy that stands in a text of its own, with these countries for `configured`; or all that is wrong with it. */
export function readPolicyText(
  text: string,
  name: string,
  configured: readonly string[],
): Result<SettledPolicy, readonly ConfigProblem[]> {
  const tooLarge = Buffer.byteLength(text) > MAX_POLICY_BYTES
  const detail = { limit: MAX_POLICY_BYTES }
  if (tooLarge) return err([{ code: 'file-too-large', path: '', file: name, detail }])
  const read = policyIn(configText(text, name))
  if (!read.ok) return read
  const empty: PathProblem = { code: 'missing-key', path: ['rules'], detail: { key: 'rules' } }
  return read.value.rules === undefined
    ? err([configText(text, name).locate(empty)])
    : ok(settledPolicy(read.value, configured))
}

/** The policy of the configuration with what its `files` add, and where those are. */
export interface GatheredPolicy {
  readonly policy: FilePolicy
  readonly files: readonly string[]
}

/** Adds the rules of the files that the configuration names. What is wrong with one is told with its own name and line. */
export function gatherPolicy(
  own: FilePolicy & { readonly files?: readonly string[] | undefined },
  reading: Reading,
): GatheredPolicy {
  const files = (own.files ?? []).flatMap((pattern, i) => {
    const found = filesOf(pattern, reading)
    if (found.length === 0) reading.complain({ code: 'file-missing', path: ['policy', 'files', i] })
    return found
  })
  const rules = [...(own.rules ?? [])]
  let { prefer } = own
  for (const file of new Set(files)) {
    const source = readConfigFile({ ...reading.location, file, named: true }, reading.readFile)
    const read = policyIn(source)
    if (!read.ok) {
      reading.problems.push(...read.error)
      continue
    }
    prefer ??= read.value.prefer
    for (const [i, rule] of (read.value.rules ?? []).entries()) {
      const isTaken = rules.some(({ id }) => id === rule.id)
      const path = ['rules', i, 'id']
      if (isTaken)
        reading.problems.push(
          source.locate({ code: 'duplicate-id', path, detail: { id: rule.id } }),
        )
      rules.push(rule)
    }
  }
  const has = own.rules !== undefined || files.length > 0
  return {
    policy: { ...(has ? { rules } : {}), ...(prefer ? { prefer } : {}) },
    files: [...new Set(files)],
  }
}

/** The files that a name stands for, in the order of their names; at most one `*`, in the last part. */
function filesOf(pattern: string, { location, listFolder }: Reading): readonly string[] {
  const path = resolve(location.folder, pattern)
  const [before = '', ...after] = basename(path).split('*')
  if (after.length === 0) return [path]
  const [end = ''] = after
  if (after.length > 1) return []
  const folder = dirname(path)
  return (listFolder?.(folder) ?? [])
    .filter(
      (name) =>
        name.startsWith(before) && name.endsWith(end) && name.length >= before.length + end.length,
    )
    .toSorted()
    .map((name) => join(folder, name))
}

/** The JSON Schema of a policy that stands in a file of its own, for editors (draft 7). */
export function policyJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(PolicyBody, { io: 'input', target: 'draft-7' })
  return { $schema, title: 'Écluse policy', ...schema }
}
