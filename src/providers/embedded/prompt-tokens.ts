import type { PromptPiece } from './prompt-template.ts'

/** What we ask of a vocabulary; tokens are numbers to us and opaque to the library. */
export interface Vocabulary<T> {
  /** With `special`, the text of control tokens becomes those tokens. `joined`: the text continues a previous text. */
  tokenize(text: string, special: boolean, joined: boolean): readonly T[]
  /** Text of one token, control tokens included. */
  textOf(token: T): string
  isControl(token: T): boolean
  isUserDefined(token: T): boolean
  readonly bos: T | null
  readonly prependBos: boolean
}

/** Turns the pieces of a prompt into tokens. No content yields a token that steers the model, whatever its text. */
export function promptTokens<T>(
  vocabulary: Vocabulary<T>,
  pieces: readonly PromptPiece[],
): readonly T[] {
  const tokens: T[] = []
  const markers = new Set<T>()
  for (const piece of pieces) {
    if (piece.origin === 'content') continue
    for (const token of vocabulary.tokenize(piece.text, true, false)) {
      if (isMarker(vocabulary, token)) markers.add(token)
    }
  }
  for (const piece of pieces) {
    const last = tokens.at(-1)
    const joined = last !== undefined && !vocabulary.isControl(last)
    const found =
      piece.origin === 'template'
        ? vocabulary.tokenize(piece.text, true, joined)
        : plainTokens(vocabulary, piece.text, markers, joined)
    for (const token of found) tokens.push(token)
  }
  // Templates differ: some write the beginning-of-sequence token themselves.
  const needsBos = vocabulary.prependBos && vocabulary.bos !== null && tokens[0] !== vocabulary.bos
  return needsBos && vocabulary.bos !== null ? [vocabulary.bos, ...tokens] : tokens
}

/** Some files mark turns with user-defined tokens; those that the template writes are its own. */
const isMarker = <T>(vocabulary: Vocabulary<T>, token: T): boolean =>
  vocabulary.isControl(token) ||
  (vocabulary.isUserDefined(token) && vocabulary.textOf(token).trim() !== '')

function plainTokens<T>(
  vocabulary: Vocabulary<T>,
  text: string,
  markers: ReadonlySet<T>,
  joined: boolean,
): readonly T[] {
  const tokens = vocabulary.tokenize(text, false, joined)
  const steering = tokens.find((token) => markers.has(token) || vocabulary.isControl(token))
  if (steering === undefined) return tokens
  // The vocabulary matched a marker even in plain mode: break its text so that it cannot.
  const marker = vocabulary.textOf(steering)
  const parts = breakApart(text, marker)
  if (parts.length < 2) return tokens.filter((token) => token !== steering)
  return parts.flatMap((part, index) => plainTokens(vocabulary, part, markers, joined || index > 0))
}

/** Cuts a text after the first character of each occurrence of the marker. */
function breakApart(text: string, marker: string): readonly string[] {
  if (marker === '') return [text]
  const parts: string[] = []
  let start = 0
  const first = String.fromCodePoint(marker.codePointAt(0) ?? 0).length
  for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + first)) {
    parts.push(text.slice(start, at + first))
    start = at + first
  }
  parts.push(text.slice(start))
  return parts.filter((part) => part !== '')
}
