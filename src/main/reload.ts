import type { ReloadProblem } from '#gateway/admin-ports.ts'
import type { GatewayHouse, Reloaded } from '#gateway/ports.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { describeConfigProblem } from '#config/describe-problem.ts'
import type { ConfigProblem } from '#config/problems.ts'
import type { Config } from '#config/types.ts'
import type { HouseTallies } from '../telemetry/scrape.ts'
import { changesBetween, withoutRestart, type LiveConfig } from './live-config.ts'
import type { Log } from './log.ts'

/** Reads flags, environment and file again, as at the start. */
export type LoadConfig = () => Result<Config, readonly ConfigProblem[]>

export interface ReloaderParts {
  readonly live: LiveConfig
  readonly log: Log
  readonly tallies: Pick<HouseTallies, 'reloads'>
  /** Null where no configuration can be read again. */
  readonly load: LoadConfig | null
  readonly versions: () => { readonly policy: string; readonly catalogue: string }
  /** Records and applies a configuration, all of it at one moment. */
  readonly apply: (next: Config, actor: string) => Promise<Result<void, Refusal>>
}

/** Reads the configuration again, one reading after the other; a bad one leaves everything as it was. */
export function createReloader(parts: ReloaderParts): GatewayHouse['reload'] {
  let last: Promise<unknown> = Promise.resolve()
  return (actor, language) => {
    const next = last.then(() => reload(parts, actor, language))
    last = next.catch(() => {})
    return next
  }
}

async function reload(
  { live, log, tallies, load, versions, apply }: ReloaderParts,
  actor: string,
  language: Language,
): Promise<Result<Reloaded, Refusal>> {
  if (!load) return err({ code: 'not-found' })
  const loaded = load()
  const told = (outcome: Reloaded['outcome'], more: Partial<Reloaded> = {}): Reloaded => {
    tallies.reloads.add(1, outcome)
    const { policy, catalogue } = versions()
    const empty = { applied: [], restart: [], problems: [] }
    return { outcome, ...empty, ...more, policyVersion: policy, catalogueVersion: catalogue }
  }
  if (!loaded.ok) {
    for (const problem of loaded.error) log('error', problemLine(problem))
    return ok(told('refused', { problems: loaded.error.map(inWords(language)) }))
  }
  for (const problem of loaded.value.warnings) log('warn', problemLine(problem))
  const problems = loaded.value.warnings.map(inWords(language))
  const { now, later } = changesBetween(live.current, loaded.value)
  const restart = later
  if (now.length === 0) {
    if (later.length > 0) log('warn', { msg: 'config-needs-restart', restart: later.join(' ') })
    return ok(told('unchanged', { restart, problems }))
  }
  const applied = await apply(withoutRestart(live.current, loaded.value), actor)
  if (!applied.ok) return applied
  const answer = told('applied', { applied: now, restart, problems })
  log('info', {
    msg: 'config-reloaded',
    actor,
    applied: now.join(' '),
    restart: later.join(' '),
    policy: answer.policyVersion,
    catalogue: answer.catalogueVersion,
  })
  return ok(answer)
}

const inWords =
  (language: Language) =>
  (problem: ConfigProblem): ReloadProblem => ({
    code: problem.code,
    ...describeConfigProblem(problem, language),
  })

/** The log speaks English, as its codes do. */
const problemLine = (problem: ConfigProblem): Readonly<Record<string, string>> => {
  const { where, message, remedy } = describeConfigProblem(problem, 'en')
  return { msg: 'config-problem', code: problem.code, where, problem: message, remedy }
}
