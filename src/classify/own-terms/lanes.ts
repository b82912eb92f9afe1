import type { FoldedWord } from './fold.ts'

/** A keyed digest of a text, at least 16 bytes: nobody without the key can make it, nor go back from it. */
export type Digest = (text: string) => Uint8Array

/** Numbers drawn from the key, so that nobody outside can make two words fall on one place. */
export interface Lanes {
  readonly seed: number
  readonly factor: number
  readonly second: number
  readonly secondFactor: number
}

/** The fast hashes of one key; they only choose where to look, the digest decides. */
export function lanesOf(digest: Digest): Lanes {
  const bytes = Buffer.from(digest('lanes'))
  return {
    seed: bytes.readInt32LE(0),
    factor: bytes.readInt32LE(4) | 1,
    second: bytes.readInt32LE(8),
    secondFactor: bytes.readInt32LE(12) | 1,
  }
}

/** Spreads every bit over all (the finalizer of MurmurHash3). */
export function spread(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** The hash of the first letters of a word. */
export function hashLetters(
  letters: Uint16Array,
  length: number,
  seed: number,
  factor: number,
): number {
  let hash = seed
  for (let at = 0; at < length; at++) hash = Math.imul(hash ^ (letters[at] ?? 0), factor)
  return spread(hash)
}

export function hashText(text: string, { seed, factor }: Lanes): number {
  let hash = seed
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), factor)
  return spread(hash)
}

/** Adds one word to the hash of a sequence; the order of the words counts. */
export const joinHash = (sequence: number, word: number, { secondFactor }: Lanes): number => {
  const joined = Math.imul(sequence ^ word, secondFactor)
  return joined ^ (joined >>> 15)
}

/** A digest cut to two numbers of 32 bits. */
export interface Mark {
  readonly high: number
  readonly low: number
}

export function markOf(digest: Digest, text: string): Mark {
  const bytes = digest(text)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return { high: view.getUint32(0), low: view.getUint32(4) }
}

/** Stands for one word without its ending. */
export const wordMark = (digest: Digest, stem: string): Mark => markOf(digest, `word:${stem}`)

/** Stands for a term whose words may be inflected. */
export const termMark = (digest: Digest, words: readonly Mark[]): Mark =>
  markOf(digest, `term:${words.map(({ high, low }) => `${high}.${low}`).join(' ')}`)

/** Stands for a term that is found only as it was written. */
export const exactMark = (digest: Digest, words: readonly Pick<FoldedWord, 'raw'>[]): Mark =>
  markOf(digest, `exact:${words.map(({ raw }) => raw).join(' ')}`)
