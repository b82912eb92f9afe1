import { entropy } from '../../checks/entropy.ts'
import type { Detector } from '../../scan/detector.ts'
import { isPlaceholder, isSequence } from '../../scan/placeholder.ts'
import { isProgramName } from '../../scan/program-name.ts'
import type { Scan } from '../../scan/scan.ts'

/** The rest of the name, an assignment, and a value without spaces. */
const ASSIGNMENT =
  /[\w.-]{0,40}["'\])]{0,3}\s{0,4}(?:(?:string|str|text)\s{0,2})?(?:=>|\?=|:=|==?|:|,|\bis\b|\best\b|>)?\s{0,8}(["'`]{0,2})([A-Za-z\d+/_.~!-]{10,1200}={0,2})/iy
/** A value glued to the name: `SECRET-4f9b…`, `apiKey.4f9b…`. */
const GLUED = /(?:[A-Za-z]{0,20}[-_.]){1,3}([A-Za-z\d][\w+/~-]{15,400}={0,2})(?![\w+/=(])/y
const UUID = /^[a-f\d]{8}-[a-f\d]{4}-[a-f\d]{4}-[a-f\d]{4}-[a-f\d]{12}$/i
/** Words around that make a long random value a digest, a lock entry or a public name. */
const DIGEST =
  /integrity|sha\d{1,3}|md5|checksum|digest|resolved|commit|hash|etag|fingerprint|lockfile|revision|public[-_ ]?key|key[-_ ]?id|cache[-_ ]?key|primary[-_ ]?key|foreign[-_ ]?key|keyword|keyframe|data:[a-z]|keyserver|recv-key|gpg/i
const CODE = /^[a-z]+(?:[A-Z][a-z]+)*$|^[A-Za-z]+(?:[._-][A-Za-z]+)*$|^\.|\.\.|^[a-z]+\.[a-z.]+\(/
const LEAST_ENTROPY = 3.5
/** Hex digits and short values cannot reach more. */
const LEAST_SHORT = 3
const SHORTEST = 14
const NAMES =
  'apikey|api_key|api-key|api key|secret|token|access_key|accesskey|access-key|access key|auth_key|authkey|private_key|privatekey|credential|clé api|clé d’api|clé secrète|jeton|client_secret|_key|-key|encryption_key|signing_key|bearer|signature_key|license_key|secretkey|master key| key|access|private|appid|app_id|key'
/** Long, and of capitals or small letters alone: no word of any language. */
const ONE_KIND = /^(?:[A-Z]{24,400}|[a-z]{24,400})$/
/** Names of which nothing but a secret is the value, so that even a UUID counts. */
const SECRET_NAME = /secret|token|api[-_ ]?key|jeton|clé/i

/** A random value given to a name that holds key, token or secret. Last and quiet: entropy of 3.5 bits, no digests, no placeholders, UUIDs only for what is named secret. */
export const assignedSecret: Detector = {
  id: 'assigned-secret',
  acrossParts: true,
  literals: [{ name: 'secret-name', standing: 'part', words: NAMES.split('|') }],
  find(scan, found) {
    const { starts, ends, words } = scan.hits('secret-name')
    let done = -1
    for (let i = 0; i < starts.length && !scan.steps.exhausted; i++) {
      const from = ends[i] ?? 0
      if (from < done) continue
      const word = words[i] ?? 'key'
      if (word === 'key' && !isGlued(scan.text, starts[i] ?? 0)) continue
      const value = glued(scan, from, word) ?? assigned(scan, from, word)
      if (value === undefined) continue
      const before = scan.text.slice(Math.max(0, (starts[i] ?? 0) - 32), value.start)
      if (DIGEST.test(before)) continue
      done = value.end
      found({
        type: 'SECRET',
        rule: 'assigned-secret',
        start: value.start,
        end: value.end,
        confidence: 0.7,
        because: [{ kind: 'keyword', keyword: word.trim() }, { kind: 'shape' }],
      })
    }
  },
}

/** `deepgramKEY` and `deepgramKey`, neither `keyboard` nor `monkey`. */
const isGlued = (text: string, at: number): boolean =>
  text[at] === 'K' && /[a-z]/.test(text[at - 1] ?? '')

interface Value {
  readonly start: number
  readonly end: number
}

function assigned(scan: Scan, from: number, word: string): Value | undefined {
  ASSIGNMENT.lastIndex = from
  const match = ASSIGNMENT.exec(scan.text)
  scan.steps.spend(match === null ? 48 : match[0].length)
  const value = match?.[2] ?? ''
  if (match === null || value.length < SHORTEST) return undefined
  const end = ASSIGNMENT.lastIndex
  if (/[A-Za-z\d+/_=(]/.test(scan.text[end] ?? ' ')) return undefined
  return random(value, word) ? { start: end - value.length, end } : undefined
}

function glued(scan: Scan, from: number, word: string): Value | undefined {
  const unit = scan.text.charCodeAt(from)
  // most names are followed by a space or a letter in lower case: nothing is glued to them
  if (unit === 32 || (unit >= 97 && unit <= 122)) return undefined
  GLUED.lastIndex = from
  const match = GLUED.exec(scan.text)
  scan.steps.spend(match === null ? 24 : match[0].length)
  const value = match?.[1] ?? ''
  if (match === null || !random(value, word)) return undefined
  return { start: GLUED.lastIndex - value.length, end: GLUED.lastIndex }
}

function random(value: string, word: string): boolean {
  if (UUID.test(value)) return SECRET_NAME.test(word) && entropy(value) > 3 && !isPlaceholder(value)
  if (isPlaceholder(value) || CODE.test(value) || isProgramName(value)) return false
  if (value.length < 32 && isSequence(value)) return false
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value))
    return SECRET_NAME.test(word) && ONE_KIND.test(value) && entropy(value) >= LEAST_ENTROPY
  if (/^(?:sha\d{3}|md5)[-:]/.test(value) || value.includes('://')) return false
  if (/\/[\w-]+\/[\w-]+\//.test(value) && !/[+=]/.test(value)) return false
  const least = value.length < 20 || /^[a-f\d]+$/i.test(value) ? LEAST_SHORT : LEAST_ENTROPY
  return entropy(value) >= least
}
