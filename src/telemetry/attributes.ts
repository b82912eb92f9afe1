/** A value that an attribute may have; null and undefined leave the attribute out. */
export type AttributeValue = string | number | boolean | readonly string[] | null | undefined
export type Attributes = Readonly<Record<string, AttributeValue>>

/** One attribute in the JSON encoding of OTLP 1: numbers of 64 bits are strings. */
export interface OtlpAttribute {
  readonly key: string
  readonly value: OtlpValue
}

type OtlpValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly { readonly stringValue: string }[] } }

/** Attributes as OTLP writes them. */
export function otlpAttributes(attributes: Attributes): readonly OtlpAttribute[] {
  const written: OtlpAttribute[] = []
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) written.push({ key, value: otlpValue(value) })
  }
  return written
}

function otlpValue(value: Exclude<AttributeValue, null | undefined>): OtlpValue {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  }
  return { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } }
}

/** Milliseconds since 1970, with fractions, as the nanoseconds that OTLP wants. */
export function nanoseconds(ms: number): string {
  const whole = Math.floor(ms)
  const rest = Math.round((ms - whole) * 1_000_000)
  return String(BigInt(whole) * 1_000_000n + BigInt(rest))
}
