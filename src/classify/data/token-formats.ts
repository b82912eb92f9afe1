import { z } from 'zod'
import table from './token-formats.json' with { type: 'json' }

const Day = z.string().regex(/^\d{4}-\d\d-\d\d$/)
const Basis = z.enum(['read', 'recalled'])
const Literal = z.string().min(2)

/** One vendor's token: announced by a literal of its own (`start`), or unmarked and told by the vendor's name shortly before it (`near`). */
const FormatRow = z
  .strictObject({
    rule: z.string().regex(/^[a-z\d]+(?:-[a-z\d]+)*$/),
    vendor: z.string().min(1),
    /** Literals that can begin it, or stand inside it where `back` is given; case is folded in the pass and checked by the shape. */
    start: z.array(Literal).min(1).exactOptional(),
    /** Names that must begin a word shortly before it. */
    near: z.array(Literal).min(1).exactOptional(),
    /** Source of an expression; every quantifier bounded. */
    shape: z.string().min(8),
    /** How many units the token reaches back before its literal at most. */
    back: z.int().min(1).max(80).exactOptional(),
    /** Check inside the token, where the vendor publishes one. */
    check: z.enum(['base62-crc', 'hex-crc']).exactOptional(),
    /** Least entropy in bits per character; 2.5 unless told, so that `xxxxxxxx` is no token. */
    entropy: z.number().min(0.5).max(6).exactOptional(),
    /** Runs of one character belong to the format. */
    plain: z.literal(true).exactOptional(),
    /** Letters may follow it. */
    loose: z.literal(true).exactOptional(),
    /** Counts only where a word such as key or secret stands between the name and it. */
    told: z.literal(true).exactOptional(),
    source: z.url(),
    basis: Basis,
    retrieved: Day,
  })
  .refine(({ start, near }) => (start === undefined) !== (near === undefined))

export const TokenTable = z.strictObject({
  schema: z.literal('ecluse-token-formats/1'),
  readMe: z.string(),
  formats: z.array(FormatRow),
  issuers: z.strictObject({
    source: z.string().min(1),
    basis: Basis,
    retrieved: Day,
    names: z.array(Literal),
  }),
})

export type TokenFormat = z.infer<typeof FormatRow>

const { formats, issuers } = TokenTable.parse(table)

/** Every format, in the order they are tried. */
export const TOKEN_FORMATS: readonly TokenFormat[] = formats

/** Services whose keys have no shape that we know. */
export const KEY_ISSUERS: readonly string[] = issuers.names
