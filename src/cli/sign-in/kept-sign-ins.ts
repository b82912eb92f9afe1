import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readSecretFile, writeSecretFile } from '#identity/secret-file.ts'
import type { SecretProblem } from '#identity/problem.ts'
import { ok, type Result } from '#kernel/result.ts'

const Kept = z.strictObject({
  key: z.string(),
  keyId: z.string(),
  name: z.string(),
  /** Milliseconds since the Unix epoch. */
  expiresAt: z.number(),
})
/** A sign-in of this command line at one gateway. */
export type KeptSignIn = z.infer<typeof Kept>

const All = z.record(z.string(), Kept)

const fileOf = (home: string): string => join(home, 'sign-in.json')

/** The sign-in kept for a gateway (`https://host:port`); null when there is none. Refuses a file that others can read. */
export function keptSignIn(
  home: string,
  gateway: string,
): Result<KeptSignIn | null, SecretProblem> {
  const all = readAll(home)
  return all.ok ? ok(all.value[gateway] ?? null) : all
}

/** Keeps a sign-in (0600), or with null forgets it. */
export function keepSignIn(
  home: string,
  gateway: string,
  kept: KeptSignIn | null,
): Result<boolean, SecretProblem> {
  const all = readAll(home)
  if (!all.ok) return all
  const { [gateway]: _, ...others } = all.value
  const next = kept === null ? others : { ...others, [gateway]: kept }
  mkdirSync(home, { recursive: true, mode: 0o700 })
  return writeSecretFile(fileOf(home), JSON.stringify(next), { replace: true })
}

function readAll(home: string): Result<Record<string, KeptSignIn>, SecretProblem> {
  const text = readSecretFile(fileOf(home))
  if (!text.ok) return text
  try {
    return ok(All.safeParse(JSON.parse(text.value ?? '{}')).data ?? {})
  } catch {
    // a file that is no JSON keeps nothing
    return ok({})
  }
}
