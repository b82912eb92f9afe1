import { createReadStream, statSync } from 'node:fs'
import type { TextPart } from '#kernel/text-part.ts'
import { decodeUtf8, isObject, parseJson } from '#protocols/json-body.ts'
import { surfaceParts } from '#gateway/classify/question.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { readBytes } from '../read-input.ts'
import type { Said } from '../terminal.ts'

/** Bytes of one input; a string of the runtime has 2^29 units at most. */
const LARGEST_INPUT = 256 * 2 ** 20

/** Why there is nothing to classify, or why what is there cannot be read and counts as the highest class. */
export type InputProblem =
  | { readonly kind: 'absent' | 'denied' | 'not-json' | 'not-text' | 'too-large' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** One thing to classify. */
export interface Input {
  readonly parts: readonly TextPart[]
  /** Why its only part is unreadable. */
  readonly unread?: 'not-text' | 'too-large'
}

const UNREADABLE: readonly TextPart[] = [{ path: 'text', text: '', kind: 'unreadable' }]

/** What a file or a stream holds, as a text, or as the body of a request of a surface. */
export async function readInput(
  source: string | NodeJS.ReadStream,
  surface: string | undefined,
): Promise<Result<Input, InputProblem>> {
  const bytes = await bytesOf(source)
  if (!bytes.ok) return bytes
  if (bytes.value === null) return ok({ parts: UNREADABLE, unread: 'too-large' })
  const text = decodeText(bytes.value)
  if (text === null) return ok({ parts: UNREADABLE, unread: 'not-text' })
  return inputOf(text, surface)
}

/** A text as it is, or as the body of a request. */
export function inputOf(text: string, surface: string | undefined): Result<Input, InputProblem> {
  if (surface === undefined) return ok({ parts: [{ path: 'text', text, kind: 'text' }] })
  const body = parseJson(text)
  if (body === undefined || !isObject(body)) return err({ kind: 'not-json' })
  const parts = surfaceParts(surface, body, '')
  return parts.ok ? ok({ parts: parts.value }) : err({ kind: 'refused', refusal: parts.error })
}

async function bytesOf(
  source: string | NodeJS.ReadStream,
): Promise<Result<Buffer | null, InputProblem>> {
  try {
    if (typeof source !== 'string') return ok(await readBytes(source, LARGEST_INPUT))
    // a pipe has no size that could be asked for
    if (statSync(source).size > LARGEST_INPUT) return ok(null)
    return ok(await readBytes(createReadStream(source), LARGEST_INPUT))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    return err({ kind: code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : 'denied' })
  }
}

/** UTF-8, or UTF-16 that says so in its first two bytes. */
function decodeText(bytes: Buffer): string | null {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-16be'
  const isUtf16 = encoding === 'utf-16le' || (bytes[0] === 0xfe && bytes[1] === 0xff)
  if (!isUtf16) return decodeUtf8(bytes)
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** What is wrong with an input, in words. */
export const INPUT_WORDS: Readonly<Record<Exclude<InputProblem['kind'], 'refused'>, Said>> = {
  absent: { en: 'no such file', fr: 'fichier introuvable' },
  denied: { en: 'cannot be read', fr: 'lecture impossible' },
  'not-json': { en: 'not a JSON object', fr: "n'est pas un objet JSON" },
  'not-text': {
    en: 'not UTF-8 or UTF-16 text: counts as the highest class',
    fr: "n'est pas du texte UTF-8 ou UTF-16 : compte comme la plus haute classe",
  },
  'too-large': {
    en: 'larger than 256 MiB: counts as the highest class',
    fr: 'dépasse 256 Mio : compte comme la plus haute classe',
  },
}
