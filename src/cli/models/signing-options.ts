import { readFile } from 'node:fs/promises'
import { readCertificates, type Certificate } from '#models/signing/certificate.ts'
import { METHODS, type SigningMethod } from '#models/signing/bundle.ts'
import type { SigningProblem } from '#models/signing/problem.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { textOption, type Options, type Parsed } from '../command.ts'
import { textOptions } from './subcommand.ts'

/** Options that signing and verifying share. */
export const SIGNING_OPTIONS: Options = {
  method: { type: 'string' },
  'cert-chain': { type: 'string', multiple: true },
  'ignore-paths': { type: 'string', multiple: true },
}

/** The method asked for, `key` unless told; null when it is none of the three. */
export function methodOf(args: Parsed): SigningMethod | null {
  const asked = textOption(args, 'method') ?? 'key'
  return METHODS.find((one) => one === asked) ?? null
}

/** What is wrong with how a command was called, or with what it was given. */
export type Misuse =
  | { readonly kind: 'usage'; readonly option: string }
  | { readonly kind: 'problem'; readonly problem: SigningProblem }

export const usage = (option: string): Result<never, Misuse> => err({ kind: 'usage', option })
export const problem = (found: SigningProblem): Result<never, Misuse> =>
  err({ kind: 'problem', problem: found })

/** A key or a certificate is never larger, bytes. */
const MOST_PEM = 1024 * 1024

/** The text of a small file; null when it cannot be read. */
export async function readPem(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  return text !== null && text.length <= MOST_PEM ? text : null
}

/** All certificates of the files of `--cert-chain`, in their order. */
export async function readChain(args: Parsed): Promise<Result<readonly Certificate[], Misuse>> {
  const certificates: Certificate[] = []
  for (const path of textOptions(args, 'cert-chain')) {
    const text = await readPem(path)
    const read = text === null ? null : readCertificates(text)
    if (read === null) return problem({ code: 'certificate-malformed' })
    certificates.push(...read)
  }
  return ok(certificates)
}
