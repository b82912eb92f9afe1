import { Environment } from '@marcbachmann/cel-js'
import { classRank } from '#kernel/label.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Facts } from '#kernel/verdict.ts'

/** Asks one condition of the facts of a request. @throws when it cannot be evaluated */
export type Condition = (variables: ConditionVariables) => boolean

/** The facts of a request as conditions see them. */
export interface ConditionVariables {
  readonly request: {
    readonly model: string
    readonly task: string
    readonly surface: string
    readonly tokens: bigint
  }
  readonly label: {
    readonly class: string
    readonly rank: bigint
    readonly categories: readonly string[]
    readonly undetermined: boolean
  }
  readonly caller: Readonly<Record<'key' | 'application' | 'team' | 'person' | 'purpose', string>>
  readonly findings: Readonly<Record<string, bigint>>
}

/** Why a condition is refused: words of the parser for people. */
export interface ConditionProblem {
  readonly reason: string
}

const LIMITS = {
  maxAstNodes: 500,
  maxDepth: 32,
  maxListElements: 500,
  maxMapEntries: 50,
  maxCallArguments: 8,
}

const environment = new Environment({ limits: LIMITS })
  .registerVariable({
    name: 'request',
    schema: { model: 'string', task: 'string', surface: 'string', tokens: 'int' },
  })
  .registerVariable({
    name: 'label',
    schema: { class: 'string', rank: 'int', categories: 'list<string>', undetermined: 'bool' },
  })
  .registerVariable({
    name: 'caller',
    schema: {
      key: 'string',
      application: 'string',
      team: 'string',
      person: 'string',
      purpose: 'string',
    },
  })
  .registerVariable('findings', 'map<string, int>')
  .registerFunction({
    name: 'count',
    receiverType: 'map<string, int>',
    returnType: 'int',
    params: [{ name: 'type', type: 'string' }],
    handler: (findings: Readonly<Record<string, bigint>>, type: string) =>
      Object.hasOwn(findings, type) ? findings[type] : 0n,
  })

/** Regular expressions of the engine can take for ever on a text that a caller chose. */
const PATTERN_CALL = /\.\s*matches\s*\(/

/** Reads a condition and checks its types; it must be a yes or a no. */
export function readCondition(text: string): Result<Condition, ConditionProblem> {
  if (PATTERN_CALL.test(text))
    return err({ reason: 'use startsWith, endsWith, contains or == in place of matches' })
  try {
    const parsed = environment.parse(text)
    const checked = parsed.check()
    if (!checked.valid) return err({ reason: firstLine(checked.error) })
    if (checked.type !== 'bool') return err({ reason: `is ${String(checked.type)}, not bool` })
    return ok((variables) => parsed(variables) === true)
  } catch (error) {
    return err({ reason: firstLine(error) })
  }
}

const firstLine = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : 'cannot be read'

/** The facts of one request, for all of its conditions. */
export function variablesOf(facts: Facts): ConditionVariables {
  const { label, caller } = facts
  const findings: Record<string, bigint> = {}
  for (const [type, count] of Object.entries(facts.findings ?? {})) findings[type] = BigInt(count)
  return {
    request: {
      model: facts.requestedModel,
      task: facts.task ?? '',
      surface: facts.surface ?? '',
      tokens: BigInt(Math.max(0, Math.trunc(facts.inputTokensEstimate))),
    },
    label: {
      class: label.class,
      rank: BigInt(classRank(label.class)),
      categories: label.categories,
      undetermined: label.undetermined,
    },
    caller: {
      key: caller?.key ?? '',
      application: caller?.application ?? '',
      team: caller?.team ?? '',
      person: caller?.person ?? '',
      purpose: caller?.purpose ?? '',
    },
    findings,
  }
}
