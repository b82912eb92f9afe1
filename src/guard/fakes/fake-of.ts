import type { MaskedValue } from '../mask/mask-plan.ts'
import { fakeDate } from './dates.ts'
import { numbersOf, type Numbers } from './digest-numbers.ts'
import { fakeCard, fakeIban, fakeNir, fakePhone } from './numbers.ts'
import { fakeAddress, fakePerson } from './people.ts'

const MAKERS: Readonly<Record<string, (text: string, numbers: Numbers) => string | null>> = {
  PERSON: fakePerson,
  EMAIL_ADDRESS: (_, numbers) => fakeAddress(numbers),
  PHONE_NUMBER: fakePhone,
  IBAN_CODE: fakeIban,
  CREDIT_CARD: fakeCard,
  FR_NIR: fakeNir,
  DATE_TIME: fakeDate,
}

/** A plausible value of the same format, made of a digest and of nothing else; null where there is none for its type. */
export function fakeOf({ type, text }: MaskedValue, digest: Uint8Array): string | null {
  const make = Object.hasOwn(MAKERS, type) ? MAKERS[type] : undefined
  return make ? make(text, numbersOf(digest)) : null
}
