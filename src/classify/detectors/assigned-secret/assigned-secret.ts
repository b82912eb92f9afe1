import { entropy } from '../../checks/entropy.ts'
import type { Detector } from '../../scan/detector.ts'
import { isPlaceholder, isSequence } from '../../scan/placeholder.ts'

/** The rest of the name, an assignment, and a value without spaces. */
const ASSIGNMENT =
  /[\w.-]{0,40}["'\])]{0,3}\s{0,4}(?:(?:string|str|text)\s{0,2})?(?:=>|\?=|:=|==?|:|,|\bis\b|\best\b|>)?\s{0,8}(["'`]{0,2})([A-Za-z\d+/_.~!-]{10,400}={0,2})/iy
const UUID = /^[a-f\d]{8}-[a-f\d]{4}-[a-f\d]{4}-[a-f\d]{4}-[a-f\d]{12}$/i
/** Words around that make a long random value a digest, a lock entry or a public name. */
const DIGEST =
  /integrity|sha\d{1,3}|md5|checksum|digest|resolved|commit|hash|etag|fingerprint|lockfile|revision|public[-_ ]?key|key[-_ ]?id|cache[-_ ]?key|primary[-_ ]?key|foreign[-_ ]?key|keyword|keyframe|data:[a-z]/i
const CODE = /^[a-z]+(?:[A-Z][a-z]+)*$|^[A-Za-z]+(?:[._-][A-Za-z]+)*$|^\.|\.\.|^[a-z]+\.[a-z.]+\(/
const LEAST_ENTROPY = 3.5
/** Hex digits and short values cannot reach more. */
const LEAST_SHORT = 3
const SHORTEST = 14

/** A random value given to a name that holds key, token or secret. Last and quiet: entropy of 3.5 bits, no digests, no UUID, no placeholders. */
export const assignedSecret: Detector = {
  id: 'assigned-secret',
  acrossParts: true,
  literals: [
    {
      name: 'secret-name',
      standing: 'part',
      words: [
        'apikey',
        'api_key',
        'api-key',
        'api key',
        'secret',
        'token',
        'access_key',
        'accesskey',
        'access-key',
        'access key',
        'auth_key',
        'authkey',
        'private_key',
        'privatekey',
        'credential',
        'clé api',
        'clé d’api',
        'clé secrète',
        'jeton',
        'client_secret',
        '_key',
        '-key',
        'encryption_key',
        'signing_key',
        'bearer',
        'signature_key',
        'license_key',
        'secretkey',
        'master key',
        ' key',
      ],
    },
  ],
  find(scan, found) {
    const { text } = scan
    const { starts, ends, words } = scan.hits('secret-name')
    let done = -1
    for (let i = 0; i < starts.length && !scan.steps.exhausted; i++) {
      const from = ends[i] ?? 0
      if (from < done) continue
      ASSIGNMENT.lastIndex = from
      const match = ASSIGNMENT.exec(text)
      scan.steps.spend(match === null ? 48 : match[0].length)
      const value = match?.[2] ?? ''
      if (match === null || value.length < SHORTEST) continue
      if (
        /[A-Za-z\d+/_=(]/.test(text[ASSIGNMENT.lastIndex] ?? ' ') ||
        !random(value, vendorBefore(text, from))
      )
        continue
      const end = ASSIGNMENT.lastIndex
      const before = text.slice(Math.max(0, (starts[i] ?? 0) - 24), end - value.length)
      if (DIGEST.test(before)) continue
      done = end
      found({
        type: 'SECRET',
        rule: 'assigned-secret',
        start: end - value.length,
        end,
        confidence: 0.7,
        because: [{ kind: 'keyword', keyword: (words[i] ?? 'key').trim() }, { kind: 'shape' }],
      })
    }
  },
}

/** Vendors whose keys are UUIDs, so that the name before it decides. */
const UUID_VENDORS =
  /heroku|postmark|squarespace|plaid|guardian|blocknative|coda|octopus|newrelic|kraken|sendbird|scaleway|launchdarkly|apollo|trello/i

const vendorBefore = (text: string, at: number): boolean =>
  UUID_VENDORS.test(text.slice(Math.max(0, at - 40), at))

function random(value: string, vendor: boolean): boolean {
  if (UUID.test(value)) return vendor && entropy(value) > 2.5
  if (isPlaceholder(value) || CODE.test(value)) return false
  if (value.length < 32 && isSequence(value)) return false
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value)) return false
  if (
    /^(?:sha\d{3}|md5)[-:]/.test(value) ||
    value.includes('://') ||
    /\/[\w-]+\/[\w-]+\//.test(value)
  )
    return false
  const least = value.length < 20 || /^[a-f\d]+$/i.test(value) ? LEAST_SHORT : LEAST_ENTROPY
  return entropy(value) >= least
}
