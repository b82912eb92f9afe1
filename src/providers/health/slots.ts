/** How many requests a destination gets at the same time, and how many may wait for it. */
export interface SlotLimits {
  readonly concurrent: number
  readonly queue: number
}

interface Waiting {
  readonly ticket: number
  readonly caller: string
  /** Virtual time at which it is its turn: a caller's own requests queue behind each other, not in front of others'. */
  readonly turn: number
}

/** The places at one destination. */
export interface Slots {
  readonly running: number
  /** In order of arrival. */
  readonly waiting: readonly Waiting[]
  readonly virtualTime: number
}

export const NO_SLOTS: Slots = { running: 0, waiting: [], virtualTime: 0 }

export type SlotEvent =
  /** Wants a place now; `mayWait` says whether it would queue for it. */
  | {
      readonly kind: 'ask'
      readonly ticket: number
      readonly caller: string
      readonly mayWait: boolean
    }
  /** A request that had a place is over. */
  | { readonly kind: 'release' }
  /** A request that waits gives up. */
  | { readonly kind: 'leave'; readonly ticket: number }
  /** The limits are others now: those who were let in stay, and so do those who wait. */
  | { readonly kind: 'limits' }

export interface SlotStep {
  readonly slots: Slots
  /** Tickets that got a place by this event. */
  readonly granted: readonly number[]
  /** True when the ticket that asked was turned away. */
  readonly refused: boolean
}

/**
 * Hands out the places of one destination: never more than the limit at a time, never a place kept from one who waits,
 * and among those who wait the callers take turns (start-time fair queueing, one request is one unit).
 */
export function slotStep(slots: Slots, event: SlotEvent, limits: SlotLimits): SlotStep {
  switch (event.kind) {
    case 'ask':
      return asked(slots, event, limits)
    case 'release':
      return granting({ ...slots, running: Math.max(0, slots.running - 1) }, limits)
    case 'limits':
      return granting(slots, limits)
    case 'leave': {
      const waiting = slots.waiting.filter(({ ticket }) => ticket !== event.ticket)
      return { slots: { ...slots, waiting }, granted: [], refused: false }
    }
  }
}

function asked(
  slots: Slots,
  { ticket, caller, mayWait }: Extract<SlotEvent, { kind: 'ask' }>,
  limits: SlotLimits,
): SlotStep {
  if (slots.running < limits.concurrent && slots.waiting.length === 0) {
    return { slots: { ...slots, running: slots.running + 1 }, granted: [ticket], refused: false }
  }
  if (!mayWait || slots.waiting.length >= limits.queue) return { slots, granted: [], refused: true }
  const behind = slots.waiting.findLast((other) => other.caller === caller)
  const turn = Math.max(slots.virtualTime, behind?.turn ?? 0) + 1
  const waiting = [...slots.waiting, { ticket, caller, turn }]
  return granting({ ...slots, waiting }, limits)
}

/** Gives free places to those whose turn is first. */
function granting(slots: Slots, limits: SlotLimits): SlotStep {
  const granted: number[] = []
  let { running, waiting, virtualTime } = slots
  while (running < limits.concurrent && waiting.length > 0) {
    const next = waiting.reduce((first, other) => (other.turn < first.turn ? other : first))
    waiting = waiting.filter((other) => other !== next)
    virtualTime = next.turn
    running += 1
    granted.push(next.ticket)
  }
  return { slots: { running, waiting, virtualTime }, granted, refused: false }
}
