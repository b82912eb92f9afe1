import { z } from 'zod'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import type { KeptTerms } from '#policy/gate.ts'
import type { Usage } from '#protocols/answer-event.ts'
import type { HeldAnswer, HeldMeaning } from './memory-answers.ts'

/** An answer as it was shown, without its bytes: those travel in passages. */
export interface AnswerTerms extends KeptTerms {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly expiresAt: number
  /** Id of the key whose request was sent, and the digest of its person: what an erasure names. */
  readonly owner: string
  readonly subject: string | null
  readonly contentType: string
  /** Lengths of the pieces of a stream, in bytes; null: in one piece. */
  readonly frames: readonly number[] | null
  readonly usage: Usage
  readonly dropped: readonly string[]
}

const Count = z.number().nullable()
const Terms = z.strictObject({
  tenant: z.string(),
  label: z.strictObject({
    class: z.enum(CLASSES),
    categories: z.array(z.enum(CATEGORIES)),
    undetermined: z.boolean(),
  }),
  policyVersion: z.string(),
  destination: z.string(),
  model: z.string(),
  at: z.number(),
  expiresAt: z.number(),
  owner: z.string(),
  subject: z.string().nullable(),
  contentType: z.string(),
  frames: z.array(z.int().min(0)).nullable(),
  usage: z.strictObject({
    promptTokens: Count,
    completionTokens: Count,
    cachedTokens: Count,
    cacheWriteTokens: Count,
    reasoningTokens: Count,
  }),
  dropped: z.array(z.string()),
})

const Meaning = z.strictObject({ bucket: z.string(), marks: z.string(), vector: z.base64() })
const Head = z.strictObject({ terms: Terms, meaning: Meaning.nullable() })

/** Bytes that hold the length of the head. */
const LENGTH = 4

/** Terms, meaning and bytes as one, to be sealed: a vector tells what a text says, so it is never kept in the open. */
export function packed(
  terms: AnswerTerms,
  body: Uint8Array,
  meaning: HeldMeaning | null,
): Uint8Array {
  const head = Buffer.from(
    JSON.stringify({
      terms,
      meaning: meaning && { ...meaning, vector: bytesOf(meaning.vector).toString('base64') },
    }),
  )
  const length = Buffer.alloc(LENGTH)
  length.writeUInt32BE(head.length)
  return Buffer.concat([length, head, body])
}

/** Null for bytes that are not what `packed` makes. */
export function unpacked(bytes: Uint8Array): HeldAnswer | null {
  if (bytes.length < LENGTH) return null
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = LENGTH + buffer.readUInt32BE()
  if (end > bytes.length) return null
  try {
    const head = Head.safeParse(JSON.parse(buffer.toString('utf8', LENGTH, end)))
    if (!head.success) return null
    const { terms, meaning } = head.data
    return {
      terms,
      body: bytes.subarray(end),
      meaning: meaning && { ...meaning, vector: vectorOf(Buffer.from(meaning.vector, 'base64')) },
    }
  } catch {
    return null
  }
}

const bytesOf = (vector: Float32Array): Buffer =>
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)

function vectorOf(bytes: Buffer): Float32Array {
  const whole = Uint8Array.from(bytes.subarray(0, bytes.length - (bytes.length % 4)))
  return new Float32Array(whole.buffer)
}
