import type { Micro, Price } from './price.ts'
import type { Quantities } from './quantities.ts'
import { ceilOfProduct } from './whole.ts'

const MILLION = 1_000_000

/**
 * The cost of one exchange in millionths of the price's currency, rounded up once; null when something was used that
 * the price says nothing of. Cached tokens and reasoning without a price of their own cost what their neighbours do.
 */
export function costOf(price: Price, used: Quantities): Micro | null {
  if (price.free) return 0
  const perMillion = tokensCost(price, used)
  const each = unitsCost(price, used)
  if (perMillion === null || each === null) return null
  const total = perMillion + each + (price.request ?? 0)
  return Number.isSafeInteger(total) ? total : Number.MAX_SAFE_INTEGER
}

function tokensCost(price: Price, used: Quantities): Micro | null {
  const spoken = price.character === null ? 0 : used.characters
  const characters = spoken === 0 ? 0 : ceilOfProduct(spoken, price.character ?? 0, MILLION)
  if (price.input === null && price.output === null && isByUnit(price)) return characters
  const { cachedInput, cacheWrite, reasoning } = used
  // a destination that counts them apart may say more of them than of the whole
  const plainInput = Math.max(0, used.input - cachedInput - cacheWrite)
  const plainOutput = Math.max(0, used.output - reasoning)
  if ((plainInput > 0 || cachedInput > 0 || cacheWrite > 0) && price.input === null) return null
  if ((plainOutput > 0 || reasoning > 0) && price.output === null) return null
  const input = price.input ?? 0
  const output = price.output ?? 0
  const sum =
    plainInput * input +
    cachedInput * (price.cachedInput ?? input) +
    cacheWrite * (price.cacheWrite ?? input) +
    plainOutput * output +
    reasoning * (price.reasoning ?? output)
  if (Number.isSafeInteger(sum)) return Math.ceil(sum / MILLION) + characters
  // large requests at a high price: term by term, each rounded up
  return [
    [plainInput, input],
    [cachedInput, price.cachedInput ?? input],
    [cacheWrite, price.cacheWrite ?? input],
    [plainOutput, output],
    [reasoning, price.reasoning ?? output],
  ].reduce(
    (total, [count = 0, each = 0]) => total + ceilOfProduct(count, each, MILLION),
    characters,
  )
}

function unitsCost(price: Price, used: Quantities): Micro | null {
  if (price.input !== null || price.output !== null || price.request !== null) {
    return used.images * (price.image ?? 0) + used.seconds * (price.second ?? 0)
  }
  if (used.images > 0 && price.image === null) return null
  if (used.characters > 0 && price.character === null && price.second === null) return null
  return used.images * (price.image ?? 0) + used.seconds * (price.second ?? 0)
}

/** Whether a price is asked for something else than tokens, so that tokens alone cost nothing. */
const isByUnit = ({ request, image, second, character }: Price): boolean =>
  request !== null || image !== null || second !== null || character !== null
