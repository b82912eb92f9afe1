/** What an amount is of. */
export interface Unit {
  readonly unit: 'money' | 'energy' | 'tokens'
  readonly currency: string
}

/** An amount in the unit that people use: `12.5 EUR`, `3.2 Wh`, `1200`; `-` for none. */
export function amountText(amount: number | null, { unit, currency }: Unit): string {
  if (amount === null) return '-'
  if (unit === 'tokens') return String(amount)
  return `${decimal(amount)} ${unit === 'money' ? currency : 'Wh'}`
}

/** Millionths as a decimal, without zeros that say nothing. */
export function decimal(micro: number): string {
  const whole = Math.floor(micro / 1_000_000)
  const rest = String(micro % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '')
  return rest === '' ? String(whole) : `${whole}.${rest}`
}
