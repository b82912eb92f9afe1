import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { grammarText, literal } from './json-grammar.ts'
import { schemaGrammar } from './schema-grammar.ts'
import type { Tools } from './tool-definitions.ts'
import type { ToolFormat } from './tool-format.ts'

/** Grammars of calls: of an answer that must be calls, and of what follows the mark that opens the first one. */
export interface ToolGrammars {
  readonly whole: string
  /** Null where calls have no mark. */
  readonly afterMark: string | null
}

/** Grammars by which only tools that exist are called, with arguments that are JSON, and follow the schema where they can. */
export function toolGrammars(tools: Tools, format: ToolFormat): Result<ToolGrammars, Refusal> {
  const rules: (readonly [string, string])[] = []
  const calls: string[] = []
  for (const [index, { name, parameters, strict }] of tools.definitions.entries()) {
    const schema = { type: 'object', ...parameters }
    const path = `tools.${index}.function.parameters`
    const written = schemaGrammar(schema, path, `t${index}-`)
    if (!written.ok && strict) return err(written.error)
    if (written.ok) rules.push(...written.value.rules)
    const given = written.ok ? written.value.root : 'object'
    const key = literal(JSON.stringify(format.argumentsKey))
    const called = literal(JSON.stringify(name))
    calls.push(`"{" ws "\\"name\\":" ws ${called} "," ws ${key} ":" ws ${given} ws "}"`)
  }
  rules.push(['call', calls.map((call) => `(${call})`).join(' | ')])
  const { opens, closes } = format
  if (opens === null || closes === null) {
    const more = tools.parallel && opens !== null ? ' ("," ws call)*' : ''
    const body = opens === null ? 'call' : `ws "[" ws call${more} ws "]"`
    const whole = grammarText(opens === null ? body : `${literal(opens)} ${body}`, rules)
    return ok({ whole, afterMark: opens === null ? null : grammarText(body, rules) })
  }
  const one = `ws call ws ${literal(closes)}`
  const more = tools.parallel ? ` (ws ${literal(opens)} ${one})*` : ''
  return ok({
    whole: grammarText(`${literal(opens)} ${one}${more}`, rules),
    afterMark: grammarText(`${one}${more}`, rules),
  })
}
