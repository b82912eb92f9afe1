import type { Priority } from '#kernel/priority.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { Choice, Figures, Health } from '#kernel/verdict.ts'

/** How a request ended, as far as it tells something of the destination. */
export type Ending =
  | { readonly kind: 'answered'; readonly totalMs: Milliseconds; readonly tokens: number | null }
  /** The destination answered, and badly or not at all. */
  | { readonly kind: 'failed' }
  /** There was no connection. */
  | { readonly kind: 'unreachable' }
  /** It asked to be left alone for so long. */
  | { readonly kind: 'limited'; readonly forMs: Milliseconds }
  | { readonly kind: 'nothing' }

/** A request's place at a destination. */
export interface Turn {
  /** The first byte of a good answer came. */
  firstByte(afterMs: Milliseconds): void
  /** Gives the place back; only the first call counts. */
  end(ending: Ending): void
}

/** Why there is no place: all are taken, or the destination is known to be down. */
export type NoPlace = 'busy' | 'down'
/** The same, or a quota is used up. */
export type NoTurn = NoPlace | { readonly limited: Refusal }

/** What the process knows of its destinations by asking them: health, speed, free places, and what may be repeated. */
export interface Traffic {
  /** Those that are down, by destination id or `destination/model`. */
  health(): Health
  /** One request more, so that a share of one may be repeated. */
  arrived(): void
  /** Spends one repetition; false when the budget is spent. */
  mayRepeat(): boolean
  /** The same choices in the order to try them: ties spread by measured speed, those that limit their rate at the end. */
  order(allowed: readonly Choice[]): readonly Choice[]
  /** A place at this destination now, or why not. */
  enter(choice: Choice, caller: string, priority?: Priority): Turn | NoTurn
  /** A place as soon as one is free and it is this caller's turn. */
  wait(
    choice: Choice,
    caller: string,
    signal: AbortSignal,
    priority?: Priority,
  ): Promise<Turn | NoTurn>
  /** Means of late of a model at a destination; null while nothing was measured. */
  readonly measured?: (destination: string, model: string) => Figures | null
  /** How long this share (0 to 1) of whole answers takes at most; null while too few are known. */
  usualMs(choice: Choice, share: number): Milliseconds | null
}

export const isRefused = (turn: Turn | NoTurn): turn is NoTurn =>
  typeof turn === 'string' || 'limited' in turn
