import { err, ok, type Result } from '#kernel/result.ts'
import { readConfigFile, rowsOf, type ConfigFile } from './config-file.ts'
import { readDestinations } from './configured-destinations.ts'
import { budgetsOf, readAlerts } from './budget-sections.ts'
import { readDatabase } from './database-section.ts'
import { isConfigWarning } from './describe-problem.ts'
import { duplicates } from './destination-rows.ts'
import { secretVariable } from './environment-keys.ts'
import { readEvidence } from './evidence-section.ts'
import { readHubToken } from './hub-token.ts'
import { locateConfig } from './locate.ts'
import { readOverrides } from './overrides.ts'
import { checkFloor, checkListen, readTls } from './perimeter.ts'
import { gatherPolicy } from './policy-document.ts'
import { policyProblems } from './policy-section.ts'
import type { ConfigProblem, PathProblem } from './problems.ts'
import type { ConfigInput, Reading } from './reading.ts'
import { FileSchema } from './schema.ts'
import { settle } from './settle.ts'
import { saysSomething } from './quotas-section.ts'
import { shapeProblems } from './shape-problems.ts'
import { readSignIn, readTokenIssuers } from './sign-in-section.ts'
import { readTelemetry } from './telemetry-section.ts'
import type { Config } from './types.ts'

/** The organisation that a file speaks of. */
const ORGANISATION = 'default'

/** Reads flags, environment and file into one checked configuration, or tells every problem at once, in the file's order. */
export function loadConfig(input: ConfigInput): Result<Config, readonly ConfigProblem[]> {
  const location = locateConfig(input.flags, input.env, input.home)
  const file = readConfigFile(location, input.readFile)
  const { overrides, problems: overrideProblems } = readOverrides(input.flags, input.env)
  const problems = [...overrideProblems, ...file.problems]
  const complain = (problem: PathProblem): void => {
    problems.push(file.locate(problem))
  }
  const reading: Reading = { ...input, location, file, problems, complain }

  const parsed = FileSchema.safeParse(file.value)
  if (!parsed.success) shapeProblems(parsed.error.issues, file.value).forEach(complain)
  const served = readDestinations(reading)
  const tls = readTls(reading)
  checkListen(reading, overrides)
  const floor = checkFloor(reading, overrides)
  const telemetry = readTelemetry(reading)
  const signIn = readSignIn(reading)
  const tokenIssuers = readTokenIssuers(reading)
  const database = readDatabase(reading)
  const budgets = parsed.success ? budgetsOf(parsed.data.budgets, ORGANISATION, reading) : []
  const alerts = readAlerts(reading)
  const evidence = readEvidence(reading)
  const hubToken = readHubToken(reading)
  for (const [i, id] of duplicates(idsAt(file, ['policy', 'rules']))) {
    complain({ code: 'duplicate-id', path: ['policy', 'rules', i, 'id'], detail: { id } })
  }
  for (const [i, id] of duplicates(idsAt(file, ['quotas']))) {
    complain({ code: 'duplicate-id', path: ['quotas', i, 'id'], detail: { id } })
  }
  for (const [i, row] of (parsed.data?.quotas ?? []).entries()) {
    if (saysSomething(row)) continue
    complain({ code: 'invalid-format', path: ['quotas', i], detail: { expected: 'some-limit' } })
  }
  policyProblems(file.value['policy']).forEach(complain)
  const policy = gatherPolicy(parsed.data?.policy ?? {}, reading)
  const bootstrap = secretVariable(input.env, 'ECLUSE_BOOTSTRAP_KEY')
  const master = secretVariable(input.env, 'ECLUSE_MASTER_KEY')
  problems.push(...bootstrap.problems, ...master.problems)

  const warnings = problems.filter(isConfigWarning)
  if (!parsed.success || warnings.length < problems.length) return err(inOrder(problems))
  const secrets = { bootstrapKey: bootstrap.secret, masterKey: master.secret }
  return ok({
    ...settle(parsed.data, reading, overrides, { served, policy, hubToken }),
    tls,
    floor,
    telemetry,
    signIn,
    tokenIssuers,
    database,
    budgets,
    alerts,
    evidence,
    ...secrets,
    warnings,
  })
}

/** Flags and variables first, then the file from top to bottom. */
const inOrder = (problems: readonly ConfigProblem[]): readonly ConfigProblem[] =>
  problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))

const idsAt = (file: ConfigFile, path: readonly string[]): readonly string[] =>
  rowsOf(file, path).map((rule, i) =>
    typeof rule === 'object' && rule !== null && 'id' in rule ? String(rule.id) : `#${i}`,
  )
