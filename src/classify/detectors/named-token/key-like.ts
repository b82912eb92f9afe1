import { entropy } from '../../checks/entropy.ts'
import { isPlaceholder } from '../../scan/placeholder.ts'
import { isProgramName } from '../../scan/program-name.ts'

const UUID = /^[a-f\d]{8}-[a-f\d]{4}-[a-f\d]{4}-[a-f\d]{4}-[a-f\d]{12}$/i
/** Names, paths, versions and addresses written with letters alone or with few digits at the end of words. */
const WORDS =
  /^[A-Za-z]+(?:[._/-][A-Za-z]+)*\d{0,3}$|^\d+(?:[._:/-]\d+)+$|^[a-z]+(?:[A-Z][a-z]+)+\d{0,2}$|\.(?:com|io|net|org|fr|eu|js|ts|json|html?|png|md)\b/
const SHORTEST = 10
const SHORTEST_UNTOLD = 16
/** Shorter values need both letters and digits. */
const ONE_KIND = 20

/** Whether a value without any known shape reads as a key; `told` where a word such as secret stands before it. */
export function isKeyLike(value: string, told: boolean): boolean {
  if (value.length < (told ? SHORTEST : SHORTEST_UNTOLD) || isPlaceholder(value)) return false
  if (UUID.test(value)) return true
  const digits = /\d/.test(value)
  const letters = /[A-Za-z]/.test(value)
  if (told && isOneKind(value)) return entropy(value) >= 3
  if (!digits || !letters || WORDS.test(value) || isProgramName(value)) return false
  return entropy(value) >= (value.length < 16 ? 2.8 : 3)
}

/** Long, and of capitals, small letters or digits alone: no word of any language. */
export const isOneKind = (value: string): boolean =>
  value.length >= ONE_KIND && /^(?:[A-Z]+|[a-z]+|\d+)$/.test(value)
