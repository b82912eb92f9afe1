import type { Category, DataClass } from '#kernel/label.ts'
import type { Dice } from './dice.ts'

/** A made-up value of known class: where it is seen and may not be, something leaks. */
export interface Canary {
  /** As it stands in the text. */
  readonly text: string
  /** What to look for: every way it can have been written. */
  readonly needles: readonly string[]
  readonly class: DataClass
  readonly categories: readonly Category[]
}

const DIGITS = '0123456789'
// without vowels: no word comes about by chance, least of all one that marks an example
const MIXED = 'BCDFGHJKLMNPQRSTVWXZbcdfghjkmnpqrstvwxz23456789'

type Make = (dice: Dice) => Omit<Canary, 'needles'>

/** Kinds of values, each with the class that the default table gives it (docs/classes.md), written down here once more. */
const KINDS: readonly Make[] = [
  (dice) => ({
    text: `AKIA${dice.letters('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`,
    class: 'restricted',
    categories: ['credentials'],
  }),
  (dice) => ({
    text: `sk_live_${dice.letters(MIXED, 24)}`,
    class: 'restricted',
    categories: ['credentials'],
  }),
  (dice) => ({ text: nir(dice), class: 'restricted', categories: ['personal'] }),
  (dice) => ({ text: iban(dice), class: 'confidential', categories: ['personal', 'finance'] }),
  (dice) => ({ text: card(dice), class: 'confidential', categories: ['personal', 'finance'] }),
  (dice) => ({
    text: `${dice.letters('abcdefghijkmnpqrstuvwxyz', 8)}.${dice.letters('abcdefghijkmnpqrstuvwxyz', 6)}@${dice.letters('abcdefghijkmnpqrstuvwxyz', 7)}.fr`,
    class: 'internal',
    categories: ['personal'],
  }),
]

/** Any kind, or a number alone. */
export const makeCanary = (dice: Dice): Canary => withNeedles(dice.one(KINDS)(dice))

/** One that JSON can hold as a number. */
export const makeNumber = (dice: Dice): Canary =>
  withNeedles({ text: card(dice), class: 'confidential', categories: ['personal', 'finance'] })

/** The same, hidden in an encoding that a reader of the text would undo. */
export function encoded(dice: Dice, canary: Canary): Canary {
  const said = `the value is ${canary.text} for the account`
  const text = dice.chance(0.5)
    ? Buffer.from(said).toString('base64')
    : Buffer.from(said).toString('hex')
  return { ...canary, text, needles: [...canary.needles, text] }
}

function withNeedles(canary: Omit<Canary, 'needles'>): Canary {
  const { text } = canary
  const percent = encodeURIComponent(text)
  return { ...canary, needles: percent === text ? [text] : [text, percent] }
}

/** Social security number of France, with its key: 97 minus the rest of the number by 97. */
function nir(dice: Dice): string {
  const two = (most: number): string => String(1 + dice.below(most)).padStart(2, '0')
  const body = `${1 + dice.below(2)}${dice.letters(DIGITS, 2)}${two(12)}${two(19)}${dice.letters(DIGITS, 2)}1${String(1 + dice.below(990)).padStart(3, '0')}`
  const number = body.slice(0, 13)
  return number + String(97 - Number(BigInt(number) % 97n)).padStart(2, '0')
}

/** Account number of France, checked by the remainder by 97 (ISO 13616). */
function iban(dice: Dice): string {
  const bank = `${30000 + dice.below(9999)}${dice.letters(DIGITS, 5)}${dice.letters(DIGITS, 11)}`
  const key =
    97n -
    ((89n * BigInt(bank.slice(0, 5)) +
      15n * BigInt(bank.slice(5, 10)) +
      3n * BigInt(bank.slice(10))) %
      97n)
  const bban = bank + String(key).padStart(2, '0')
  const check = 98n - (BigInt(`${bban}152700`) % 97n)
  return `FR${String(check).padStart(2, '0')}${bban}`
}

/** A Visa number with its last digit by Luhn. */
function card(dice: Dice): string {
  const body = `4${dice.letters('123456789', 1)}${dice.letters(DIGITS, 13)}`
  let sum = 0
  for (let i = 0; i < body.length; i += 1) {
    const digit = Number(body[body.length - 1 - i])
    const doubled = i % 2 === 0 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return body + String((10 - (sum % 10)) % 10)
}
