import type { Milliseconds } from '#kernel/units.ts'

/** Where a request that failed may be tried again. */
export type Again = 'nowhere' | 'elsewhere' | 'here'

/** When a second destination is asked although the first has not failed. */
export interface Hedge {
  /** Share (0 to 1) of answers that have come by then; null: a fixed time alone. */
  readonly share: number | null
  /** The fixed time, also while too few answers are known; null: it waits until they are. */
  readonly afterMs: Milliseconds | null
}

/** What whoever runs the gateway may set of trying again. */
export interface Trying {
  /** Times that a request is sent in all, whatever the number of destinations. */
  readonly attempts: number
  /** Null: never two at a time. */
  readonly hedge: Hedge | null
}

export const DEFAULT_TRYING: Trying = { attempts: 3, hedge: null }

/** A `retry-after` that asks for more than this is told to the caller, who knows better how to wait. */
export const MAX_WAIT_MS: Milliseconds = 5_000
/** Upper end of the first wait; each further one doubles it. */
const BACKOFF_MS: Milliseconds = 250
const BACKOFF_MAX_MS: Milliseconds = 2_000

/** What happened at one choice. */
export type Tried =
  /** It was sent there, and failed before anything was shown. */
  | {
      readonly kind: 'failed'
      readonly choice: number
      readonly again: Again
      /** What the destination asked for in `retry-after`. */
      readonly afterMs: Milliseconds | null
    }
  /** Nothing was sent: every place there is taken. */
  | { readonly kind: 'busy'; readonly choice: number }
  /** Nothing was sent: it is down, its queue is full, or it cannot do what is asked. */
  | { readonly kind: 'passed-over'; readonly choice: number }

export interface Plan {
  readonly choices: number
  /** Times it may be sent. */
  readonly attempts: number
  /** The next choice that has not been looked at. */
  readonly next: number
  /** Times it was sent. */
  readonly tries: number
  /** Choices without a free place, in their order. */
  readonly busy: readonly number[]
  /** Choices that may be asked once more, in their order, with the wait that they want. */
  readonly again: readonly { readonly choice: number; readonly afterMs: Milliseconds | null }[]
  /** Nothing may be asked any more. */
  readonly isOver: boolean
}

export type NextTry =
  | {
      readonly kind: 'ask'
      readonly choice: number
      /** At once or not at all, after queueing for a place, or once more after a wait. */
      readonly how: 'now' | 'queue' | 'repeat'
      readonly waitMs: Milliseconds
    }
  | { readonly kind: 'give-up' }

export const startPlan = (choices: number, attempts: number): Plan => ({
  choices,
  attempts,
  next: 0,
  tries: 0,
  busy: [],
  again: [],
  isOver: false,
})

/** The plan after something was tried. */
export function planStep(plan: Plan, tried: Tried): Plan {
  const next = Math.max(plan.next, tried.choice + 1)
  const busy = plan.busy.filter((choice) => choice !== tried.choice)
  const others = plan.again.filter(({ choice }) => choice !== tried.choice)
  if (tried.kind === 'busy') return { ...plan, next, busy: [...busy, tried.choice] }
  if (tried.kind === 'passed-over') return { ...plan, next, again: others, busy }
  const { choice, afterMs } = tried
  const mayRepeat = tried.again === 'here' && (afterMs === null || afterMs <= MAX_WAIT_MS)
  return {
    ...plan,
    next,
    busy,
    tries: plan.tries + 1,
    again: mayRepeat ? [...others, { choice, afterMs }] : others,
    isOver: tried.again === 'nowhere',
  }
}

/**
 * What to do next: every choice once in the order of the verdict, at once; then a place in the queue of one that was
 * full; then those that may be asked again, the longest ago first, after a wait with full jitter (`chance` in [0, 1))
 * on top of what the destination asked for.
 */
export function nextTry(plan: Plan, chance: number): NextTry {
  if (plan.isOver || plan.tries >= plan.attempts) return { kind: 'give-up' }
  if (plan.next < plan.choices) return { kind: 'ask', choice: plan.next, how: 'now', waitMs: 0 }
  const [full] = plan.busy
  if (full !== undefined) return { kind: 'ask', choice: full, how: 'queue', waitMs: 0 }
  const [first] = plan.again
  if (!first) return { kind: 'give-up' }
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** Math.max(0, plan.tries - 1))
  const waitMs = Math.round((first.afterMs ?? 0) + chance * ceiling)
  return { kind: 'ask', choice: first.choice, how: 'repeat', waitMs }
}
