import { verify } from 'node:crypto'
import { z } from 'zod'
import { err, ok, type Result } from '#kernel/result.ts'
import type { CurveKey } from './key.ts'
import type { SigningProblem } from './problem.ts'
import { isSafePath } from './resource-name.ts'
import { PAYLOAD_TYPE, STATEMENT_TYPE, type Manifest } from './statement.ts'

// Version 0.2 of the reference program signed the way Python prints bytes, with SHA-256 whatever the curve, and listed
// files as subjects. OpenSSF Model Signing v1.0 lets verifiers read it (section 11) and nobody write it. What Python
// prints stands for one sequence of bytes alone, so that such a signature proves as much as a later one.

/** What version 0.2 called its statements. */
export const EARLY_PREDICATE = 'https://model_signing/Digests/v0.1'

const QUOTE = 0x27
const DOUBLE_QUOTE = 0x22
const BACKSLASH = 0x5c
const SHORT: Readonly<Record<number, string>> = {
  9: String.raw`\t`,
  10: String.raw`\n`,
  13: String.raw`\r`,
}

/** Bytes as Python's `repr` writes them. */
export function pythonBytes(bytes: Uint8Array): string {
  const quote = bytes.includes(QUOTE) && !bytes.includes(DOUBLE_QUOTE) ? DOUBLE_QUOTE : QUOTE
  const mark = String.fromCodePoint(quote)
  const parts: string[] = [`b${mark}`]
  for (const byte of bytes) {
    if (byte === quote || byte === BACKSLASH) parts.push(`\\${String.fromCodePoint(byte)}`)
    else if (byte >= 0x20 && byte < 0x7f) parts.push(String.fromCodePoint(byte))
    else parts.push(SHORT[byte] ?? String.raw`\x` + byte.toString(16).padStart(2, '0'))
  }
  parts.push(mark)
  return parts.join('')
}

/** Whether version 0.2 made this signature with this key. */
export function isEarlySignature(
  { key }: CurveKey,
  payload: Uint8Array,
  signature: Uint8Array,
): boolean {
  const signed = `DSSEV1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} ${pythonBytes(payload)}`
  try {
    return verify('sha256', Buffer.from(signed, 'utf8'), key, signature)
  } catch {
    return false
  }
}

const Early = z.object({
  _type: z.literal(STATEMENT_TYPE),
  predicateType: z.literal(EARLY_PREDICATE),
  subject: z
    .array(
      z.object({
        name: z.string().refine((name) => name === '.' || isSafePath(name)),
        digest: z.object({ sha256: z.string().regex(/^[0-9a-fA-F]{64}$/) }),
        // digests of digests, of shards and of other algorithms were written too: they are not those of whole files
        annotations: z.object({ actual_hash_algorithm: z.literal('file-sha256') }).nullish(),
      }),
    )
    .min(1)
    .max(1_000_000),
})

/** The list of files that a statement of version 0.2 holds. */
export function readEarlyStatement(payload: Uint8Array): Result<Manifest, SigningProblem> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    return err({ code: 'statement-malformed', detail: { at: '' } })
  }
  const read = Early.safeParse(json)
  if (!read.success) {
    const at = read.error.issues[0]?.path.join('.') ?? ''
    return err({ code: 'statement-malformed', detail: { at } })
  }
  const resources = read.data.subject.map(({ name, digest }) => ({
    name,
    algorithm: 'sha256' as const,
    digest: digest.sha256.toLowerCase(),
  }))
  const names = new Set(resources.map(({ name }) => name))
  if (names.size < resources.length || (names.has('.') && resources.length > 1)) {
    return err({ code: 'statement-malformed', detail: { at: 'subject' } })
  }
  return ok({
    modelName: '',
    resources,
    serialization: {
      method: 'files',
      hashType: 'sha256',
      shardBytes: null,
      allowSymlinks: false,
      ignorePaths: [],
    },
  })
}

/** Whether a payload calls itself one of version 0.2; nothing is known yet of who says so. */
export const looksEarly = (payload: Uint8Array): boolean =>
  Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).includes(EARLY_PREDICATE)
