/**
 * a x b / c, rounded up to a whole number; exact for whole numbers, whatever their size. An amount beyond 2^53 is
 * told as the largest safe one: it is over every limit anyway.
 */
export function ceilOfProduct(a: number, b: number, c: number): number {
  const product = a * b
  if (Number.isSafeInteger(product)) return Math.ceil(product / c)
  const [exact, divisor] = [BigInt(a) * BigInt(b), BigInt(c)]
  const quotient = (exact + divisor - 1n) / divisor
  return quotient > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(quotient)
}

/** A decimal of a configuration as whole millionths, or null when it has more than six decimals or no end. */
export function micro(decimal: number): number | null {
  const whole = Math.round(decimal * 1_000_000)
  const isExact = Number.isSafeInteger(whole) && whole / 1_000_000 === decimal
  return isExact && decimal >= 0 ? whole : null
}
