import { inLayout, type Numbers } from './digest-numbers.ts'

/** First digits of numbers that lead nowhere: ARCEP, decision 2018-0881, numbers for audiovisual works. */
const FRENCH: Readonly<Record<string, string>> = {
  '1': '19900',
  '2': '26191',
  '3': '35301',
  '4': '46571',
  '5': '53649',
  '6': '63998',
  '7': '63998',
}

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '')

/** A number of the same country and layout that nobody answers; null where none is set aside. */
export function fakePhone(text: string, numbers: Numbers): string | null {
  const digits = digitsOf(text)
  const french = /^(?:33|0033|0)([1-7])\d{8}$/.exec(digits)
  if (french) {
    const head = digits.slice(0, -9)
    return inLayout(head + (FRENCH[french[1] ?? ''] ?? '') + numbers.digits(4), text)
  }
  // Ofcom, numbers for drama use: 07700 900000 to 900999
  if (/^(?:44|0044)7\d{9}$/.test(digits))
    return inLayout(`${digits.slice(0, -10)}7700900${numbers.digits(3)}`, text)
  // NANPA: 555-0100 to 555-0199 are for fiction
  if (/^1?[2-9]\d{2}[2-9]\d{6}$/.test(digits) && !text.startsWith('0')) {
    const head = digits.length === 11 ? '1' : ''
    return inLayout(`${head}${digits.slice(-10, -7)}55501${numbers.digits(2)}`, text)
  }
  return null
}

/** A card number of the range that Visa's test systems use, with its check digit (ISO/IEC 7812-1, annex B). */
export function fakeCard(text: string, numbers: Numbers): string | null {
  if (digitsOf(text).length !== 16) return null
  const body = `400000${numbers.digits(9)}`
  let sum = 0
  for (const [i, digit] of body.split('').entries()) {
    const doubled = i % 2 === 0 ? Number(digit) * 2 : Number(digit)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return inLayout(`${body}${(10 - (sum % 10)) % 10}`, text)
}

/** Bank codes that no bank has: all nines. Accounts of two countries; null for the others. */
export function fakeIban(text: string, numbers: Numbers): string | null {
  const compact = text.replaceAll(/[^\p{L}\p{N}]/gu, '')
  const country = compact.slice(0, 2).toUpperCase()
  if (country === 'FR') return inLayout(withCheck('FR', frenchAccount(numbers)), text)
  return country === 'DE' ? inLayout(withCheck('DE', `99999999${numbers.digits(10)}`), text) : null
}

/** Bank, branch, account and the key of a RIB (CFONB). */
function frenchAccount(numbers: Numbers): string {
  const [bank, branch, account] = ['99999', numbers.digits(5), numbers.digits(11)]
  const sum = 89 * Number(bank) + 15 * Number(branch) + 3 * Number(account)
  return `${bank}${branch}${account}${String(97 - (sum % 97)).padStart(2, '0')}`
}

/** Check digits of ISO 13616: remainder 1 once the country stands at the end. */
function withCheck(country: string, account: string): string {
  const letters = country
    .split('')
    .map((letter) => String(letter.charCodeAt(0) - 55))
    .join('')
  const check = 98n - (BigInt(`${account}${letters}00`) % 97n)
  return `${country}${check.toString().padStart(2, '0')}${account}`
}

/** A social security number of somebody born in a country that there is not (99 990), with its key: 97 less the remainder. */
export function fakeNir(text: string, numbers: Numbers): string | null {
  const month = String(numbers.below(12) + 1).padStart(2, '0')
  const order = String(numbers.below(998) + 1).padStart(3, '0')
  const body = `${numbers.below(2) + 1}${numbers.digits(2)}${month}99990${order}`
  const key = 97n - (BigInt(body) % 97n)
  const whole = `${body}${key.toString().padStart(2, '0')}`
  return inLayout(whole, text) ?? inLayout(body, text)
}
