import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { REFUSAL_CODES } from '#kernel/refusal.ts'

const Json = z.record(z.string(), z.json())
const Count = z.int().min(0).nullable()

/** What one exchange must read as, on every surface. */
const Reading = z.strictObject({
  text: z.string(),
  reasoning: z.string().default(''),
  calls: z.array(z.strictObject({ name: z.string(), arguments: z.json() })).default([]),
  finish: z.enum(['stop', 'length', 'tool-calls', 'content-filter', 'pause']),
  /** Null: the vendor did not tell it. */
  usage: z
    .strictObject({
      prompt: Count,
      completion: Count,
      cached: Count.default(null),
      reasoning: Count.default(null),
    })
    .nullable(),
})
export type Reading = z.infer<typeof Reading>

const Refused = z.strictObject({
  status: z.int().min(400),
  code: z.enum(REFUSAL_CODES),
  /** Words of the vendor that reach the caller; absent: none may. */
  says: z.string().optional(),
  retryAfter: z.string().optional(),
  /** What clients of OpenAI branch on. */
  clientCode: z.string().optional(),
})

/** One request and its answer as a vendor has them on the wire. */
const Exchange = z.strictObject({
  vendor: z.string(),
  /** What is particular about it. */
  about: z.string().min(10),
  /** recorded: from the program itself; documented: from the vendor's pages, specification or an SDK's own fixtures; reported: from a public thread. Texts are ours unless recorded. */
  basis: z.enum(['recorded', 'documented', 'reported']),
  /** An address, or the program and its version. */
  source: z.string().min(5),
  retrieved: z.iso.date(),
  /** What the caller says beside the model and the usual question, in OpenAI's words. */
  ask: Json.default({}),
  request: z.strictObject({
    path: z.string().startsWith('/'),
    /** The header that carries the key `KEY`, whole. */
    credential: z.string().nullable(),
    body: Json,
  }),
  answer: z.strictObject({
    status: z.int(),
    headers: z.record(z.string(), z.string()),
    /** A whole answer; a text is sent as it is. */
    body: z.union([z.string(), z.json()]).optional(),
    /** A stream, frame by frame: an object is one of data; a text is sent as it is. */
    frames: z.array(z.union([z.string(), Json])).optional(),
  }),
  expect: z.union([
    z.strictObject({ reads: Reading }),
    z.strictObject({ refused: Refused }),
    /** The stream breaks after this text. */
    z.strictObject({ breaksAfter: z.string() }),
  ]),
})
export type Exchange = z.infer<typeof Exchange> & { readonly name: string }

const folder = join(import.meta.dirname, '..', 'exchanges')

/** Every exchange, in the order of vendors and names. */
export const EXCHANGES: readonly Exchange[] = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((path) => /[/\\]/.test(path) && path.endsWith('.json'))
  .toSorted()
  .map((path) => {
    const read: unknown = JSON.parse(readFileSync(join(folder, path), 'utf8'))
    const parsed = Exchange.safeParse(read)
    if (!parsed.success) throw new Error(`${path}: ${parsed.error.message}`)
    const name = path.replaceAll('\\', '/').slice(0, -'.json'.length)
    if (!name.startsWith(`${parsed.data.vendor}/`)) throw new Error(`${path}: of another vendor`)
    return { ...parsed.data, name }
  })

/** What could not be found, with the reason. */
export const MISSING = z
  .array(
    z.strictObject({
      vendor: z.string(),
      lacks: z.array(z.enum(['whole', 'stream', 'error'])).min(1),
      reason: z.string().min(20),
    }),
  )
  .parse(JSON.parse(readFileSync(join(folder, 'missing.json'), 'utf8')))

/** The bytes of an answer. */
export function bytesOf({ answer: { body, frames } }: Exchange): Buffer {
  if (frames) {
    const text = frames.map((each) =>
      typeof each === 'string' ? each : `data: ${JSON.stringify(each)}\n\n`,
    )
    return Buffer.from(text.join(''))
  }
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? null))
}

/** What an exchange shows: a whole answer, a stream, or an error, by its file's name. */
export const kindOf = ({ name }: Exchange): string => /\/(whole|stream|error)/.exec(name)?.[1] ?? ''
