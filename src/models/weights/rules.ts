import { ARCHIVE_RULES } from './rules/archive-rules.ts'
import { FILE_RULES } from './rules/file-rules.ts'
import { GGUF_RULES } from './rules/gguf-rules.ts'
import { GRAPH_RULES } from './rules/graph-rules.ts'
import { PICKLE_RULES } from './rules/pickle-rules.ts'
import type { Rule } from './rules/rule.ts'
import { SAFETENSORS_RULES } from './rules/safetensors-rules.ts'
import { TEMPLATE_RULES } from './rules/template-rules.ts'

const ALL = {
  ...FILE_RULES,
  ...SAFETENSORS_RULES,
  ...GGUF_RULES,
  ...TEMPLATE_RULES,
  ...PICKLE_RULES,
  ...ARCHIVE_RULES,
  ...GRAPH_RULES,
} as const

/** A stable name of what was found; documented in docs/model-scan.md under the same anchor. */
export type RuleCode = keyof typeof ALL

/** Every rule by its code. */
export const RULES: Readonly<Record<RuleCode, Rule>> = ALL

/** The rules in the order of the documentation, by what they look at. */
export const RULE_GROUPS: readonly {
  readonly title: string
  readonly rules: Readonly<Record<string, Rule>>
}[] = [
  { title: 'Files and folders', rules: FILE_RULES },
  { title: 'safetensors', rules: SAFETENSORS_RULES },
  { title: 'GGUF', rules: GGUF_RULES },
  { title: 'Chat templates', rules: TEMPLATE_RULES },
  { title: 'Pickle and PyTorch', rules: PICKLE_RULES },
  { title: 'Archives', rules: ARCHIVE_RULES },
  { title: 'Graphs, Keras, numpy', rules: GRAPH_RULES },
]
