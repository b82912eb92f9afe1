import type { z } from 'zod'
import { given } from './locate.ts'
import type { ConfigProblem } from './problems.ts'
import { FileSchema } from './schema.ts'
import { shapeProblems } from './shape-problems.ts'
import type { ConfigFlags, Environment } from './types.ts'
import type { FileConfig } from './schema.ts'

/** A value that flags or environment put over the file's, and who said so. */
export interface Override<Value> {
  readonly value: Value
  readonly source: string
}

/** What flags and environment say; a field is absent where they say nothing. */
export interface Overrides {
  readonly listen?: Override<string>
  readonly floor?: Override<FileConfig['floor']>
  readonly profile?: Override<FileConfig['profile']>
  readonly discover?: Override<boolean>
  readonly logLevel?: Override<FileConfig['log']['level']>
}

/** Reads the overrides, flags before environment; what cannot be understood is a problem of its flag or variable. */
export function readOverrides(
  flags: ConfigFlags,
  env: Environment,
): { overrides: Overrides; problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = []
  const read = <T>(
    source: string,
    value: unknown,
    schema: z.ZodType<T>,
  ): Override<T> | undefined => {
    if (value === undefined) return undefined
    const parsed = schema.safeParse(value)
    if (parsed.success) return { value: parsed.data, source }
    for (const { code, detail } of shapeProblems(parsed.error.issues, value)) {
      problems.push(detail ? { code, path: source, detail } : { code, path: source })
    }
    return undefined
  }
  const { shape } = FileSchema
  const listenFlag = given(flags.listen)
  const listen =
    listenFlag === undefined
      ? read('ECLUSE_LISTEN', given(env['ECLUSE_LISTEN']), shape.listen)
      : read('--listen', listenFlag, shape.listen)
  const overrides = {
    listen,
    floor: read('--floor', flags.floor, shape.floor),
    profile: read('--profile', flags.profile, shape.profile),
    discover: read('--discover', flags.discover, shape.discover),
    logLevel: read('--log-level', flags.logLevel, shape.log.unwrap().shape.level),
  }
  return { overrides: withoutAbsent(overrides), problems }
}

const withoutAbsent = (overrides: {
  [K in keyof Overrides]-?: Overrides[K] | undefined
}): Overrides => ({
  ...(overrides.listen && { listen: overrides.listen }),
  ...(overrides.floor && { floor: overrides.floor }),
  ...(overrides.profile && { profile: overrides.profile }),
  ...(overrides.discover && { discover: overrides.discover }),
  ...(overrides.logLevel && { logLevel: overrides.logLevel }),
})
