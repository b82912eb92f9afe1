import type {
  BatchItem,
  CustomBatchingPrioritizationStrategy,
  PrioritizedBatchItem,
} from 'node-llama-cpp'

/** Shares its batches with other requests. */
export const SHARED = 1 as const
/** Computed alone: sums round differently in company, and a seed must give the same text whoever else is asking. */
export const ALONE = 5 as const

/**
 * Fills the next batch: requests for one token first, prompts share the rest evenly. A reproducible request has a
 * batch to itself; it takes turns with all the others.
 */
export function batchOrder(): CustomBatchingPrioritizationStrategy {
  let lastWasAlone = false
  return ({ items, size }) => {
    const alone = items.find((item) => item.evaluationPriority === ALONE)
    const shared = items.filter((item) => item.evaluationPriority !== ALONE)
    lastWasAlone = alone !== undefined && (shared.length === 0 || !lastWasAlone)
    if (lastWasAlone && alone !== undefined) {
      return [{ item: alone, processAmount: Math.min(alone.tokens.length, size) }]
    }
    return shareEvenly(shared, size)
  }
}

function shareEvenly(items: readonly BatchItem[], size: number): PrioritizedBatchItem[] {
  const shortestFirst = items.toSorted((a, b) => a.tokens.length - b.tokens.length)
  let left = size
  return shortestFirst.flatMap((item, index) => {
    const share = Math.floor(left / (shortestFirst.length - index))
    const processAmount = Math.min(item.tokens.length, share)
    left -= processAmount
    return processAmount > 0 ? [{ item, processAmount }] : []
  })
}
