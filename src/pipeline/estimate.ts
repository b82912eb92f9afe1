import { taskOfSurface } from '#kernel/destination.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Choice } from '#kernel/verdict.ts'
import type { Price } from '#economics/price.ts'
import { NOTHING, type Quantities } from '#economics/quantities.ts'
import type { Usage } from '#protocols/answer-event.ts'
import type { OutputBound, SurfaceRequest } from '#protocols/surface.ts'

/** Tokens that a chat template puts around each piece, at most. */
const AROUND_EACH = 8
const AROUND_ALL = 64
/** Tokens of something that is no text: a picture, a sound, a list of tokens. */
const UNREADABLE_TOKENS = 8192
/** Characters of a token, in the languages with the longest ones, rounded down. */
const CHARACTERS_PER_TOKEN = 3
/** Tokens of an answer that nothing bounds, until longer ones were seen. */
const USUAL_OUTPUT = 4096
/** Models of which answers are remembered; the oldest is forgotten first. */
const MOST_MODELS = 1000

/** The longest answers seen, by destination and model: what a request without a bound may take. */
export class LongestAnswers {
  readonly #seen = new Map<string, number>()

  note(choice: Choice, tokens: number): void {
    const name = nameOf(choice)
    if (tokens <= (this.#seen.get(name) ?? 0)) return
    this.#seen.delete(name)
    this.#seen.set(name, tokens)
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > MOST_MODELS && oldest !== undefined) this.#seen.delete(oldest)
  }

  /** Twice the longest, never less than is usual. */
  bound(choice: Choice): number {
    return Math.max(USUAL_OUTPUT, 2 * (this.#seen.get(nameOf(choice)) ?? 0))
  }
}

const nameOf = ({ destination, model }: Choice): string => `${destination.id}\n${model.name}`

/** What is known of a request before it is sent: upper bounds, and what it likely is. */
export interface RequestSize {
  /** No tokenizer makes more of it than this. */
  readonly mostInput: number
  /** About what it is. */
  readonly likelyInput: number
  readonly bound: OutputBound
  readonly writes: boolean
}

const SAYS_NOTHING: OutputBound = { tokens: null, count: 1 }

/** A token is at least one byte of the text: with what stands around it, the bytes bound the tokens. */
export function sizeOf(request: SurfaceRequest, parts: readonly TextPart[]): RequestSize {
  let most = AROUND_ALL
  let characters = 0
  for (const { text, kind } of parts) {
    if (kind === 'unreadable') most += UNREADABLE_TOKENS
    most += Buffer.byteLength(text) + AROUND_EACH
    characters += text.length
  }
  return {
    mostInput: most,
    likelyInput: Math.ceil(characters / CHARACTERS_PER_TOKEN),
    bound: request.outputBound?.() ?? SAYS_NOTHING,
    writes: taskOfSurface(request.surface) === 'chat',
  }
}

/** The most that one choice can use for it. */
export function mostOf(
  size: RequestSize,
  choice: Choice,
  price: Price | null,
  longest: LongestAnswers,
): Quantities {
  const { bound } = size
  if (bound.kind) return { ...NOTHING, ...made(bound) }
  const room = choice.model.contextTokens ?? Infinity
  const each = bound.tokens ?? price?.maxOutput ?? Math.min(room, longest.bound(choice))
  return {
    ...NOTHING,
    input: Math.min(size.mostInput, room),
    output: size.writes ? each * bound.count : 0,
  }
}

/** What one attempt has used, told by the destination where it told it, else counted here. */
export function usedOf(
  size: () => RequestSize,
  most: () => Quantities,
  usage: Usage,
  written: number,
): { readonly used: Quantities; readonly counted: number | null } {
  const { promptTokens, completionTokens } = usage
  const { bound, writes, likelyInput } = size()
  const isUntold = completionTokens === null && written > 0 && writes && !bound.kind
  const counted = isUntold
    ? Math.min(Math.ceil(written / CHARACTERS_PER_TOKEN), most().output)
    : null
  const { images = 0, characters = 0 } = bound.kind ? made(bound) : {}
  const used: Quantities = {
    input: promptTokens ?? (bound.kind ? 0 : Math.min(likelyInput, most().input)),
    output: completionTokens ?? counted ?? 0,
    cachedInput: usage.cachedTokens ?? 0,
    cacheWrite: usage.cacheWriteTokens ?? 0,
    reasoning: usage.reasoningTokens ?? 0,
    images,
    seconds: 0,
    characters,
  }
  return { used, counted }
}

const made = ({ kind, count, characters = 0 }: OutputBound): Partial<Quantities> =>
  kind === 'image' ? { images: count } : kind === 'speech' ? { characters } : {}
