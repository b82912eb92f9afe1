const LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE'
const CIF_LETTERS = 'JABCDEFGHI'

/** Letter of a DNI: the number by 23 (Real Decreto 1553/2005, anexo). */
export const dniCheck = (compact: string): boolean =>
  /^\d{8}[A-Z]$/.test(compact) && LETTERS[Number(compact.slice(0, 8)) % 23] === compact[8]

/** The same for a NIE, X, Y, Z standing for 0, 1, 2 (Orden INT/2058/2008). */
export const nieCheck = (compact: string): boolean =>
  /^[XYZ]\d{7}[A-Z]$/.test(compact) && dniCheck('XYZ'.indexOf(compact.charAt(0)) + compact.slice(1))

/** Control of the number of an entity: a digit, a letter, or either, by the kind of entity (Orden EHA/451/2008). */
export function cifCheck(compact: string): boolean {
  if (!/^[A-HJNP-SUVW]\d{7}[\dA-J]$/.test(compact)) return false
  let sum = 0
  for (let i = 1; i < 8; i++) {
    const product = Number(compact[i]) * (i % 2 === 1 ? 2 : 1)
    sum += Math.floor(product / 10) + (product % 10)
  }
  const control = (10 - (sum % 10)) % 10
  const last = compact.charAt(8)
  const letterOnly = 'NPQRSW'.includes(compact.charAt(0))
  const digitOnly = 'ABEH'.includes(compact.charAt(0))
  if (last === String(control)) return !letterOnly
  return last === CIF_LETTERS[control] && !digitOnly
}

/** NIF of any person or entity, K, L and M persons without a DNI included. */
export const nifCheck = (compact: string): boolean =>
  dniCheck(compact) ||
  nieCheck(compact) ||
  cifCheck(compact) ||
  (/^[KLM]\d{7}[A-Z]$/.test(compact) && dniCheck(`0${compact.slice(1)}`))

/** Social security: province and number by 97, the number losing its zero below ten millions. */
export function spanishSocialSecurity(compact: string): boolean {
  if (!/^(?:0[1-9]|[1-4]\d|5[0-3]|66)\d{10}$/.test(compact)) return false
  const province = Number(compact.slice(0, 2))
  const number = Number(compact.slice(2, 10))
  const whole = number < 10_000_000 ? number + province * 10_000_000 : number + province * 1e8
  return whole % 97 === Number(compact.slice(10))
}
