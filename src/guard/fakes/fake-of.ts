import type { MaskedValue } from '../mask/mask-plan.ts'

/** A plausible value of the same format, made of a digest; null where there is none for its type. */
export function fakeOf(_value: MaskedValue, _digest: Uint8Array): string | null {
  return null
}
