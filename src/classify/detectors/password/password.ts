import type { Detector } from '../../scan/detector.ts'
import { isPlaceholder } from '../../scan/placeholder.ts'
import type { Scan } from '../../scan/scan.ts'

/** From the word to the value: `is`, `est`, `:`, `=`, with a few words between. */
const PROSE =
  /[a-zéè]{0,12}(?: (?:de|du|pour|of|for|d')[ ']?(?:[\p{L}\d@._-]{1,24} ?){1,4})?\s{0,2}(?:(?:is now|is|was|est maintenant|est|sera|reste|sont|devient|set to|will be|=>|=|:)\s{0,3}){1,2}(["'`«]?\s?)([^\s"'`<>«»]{4,80})/iuy
const ASSIGNED = /[\w.-]{0,24}["'\]]{0,2}\s{0,3}(?:=>|:=|=|:|,)\s{0,3}(["'`])([^"'`\n]{4,100})\1/iuy

/** Passwords told in prose or assigned, English and French. */
export const password: Detector = {
  id: 'password',
  acrossParts: true,
  literals: [
    {
      name: 'password',
      standing: 'part',
      words: [
        'password',
        'passwd',
        'passphrase',
        'passcode',
        'mot de passe',
        'mots de passe',
        'mdp',
        'pwd',
        'motdepasse',
        'mot_de_passe',
        'code wifi',
        'clé wifi',
        'clé wi-fi',
        'wifi password',
        'passwort',
        'contraseña',
      ],
    },
  ],
  find(scan, found) {
    const hits = scan.hits('password')
    for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
      const end = hits.ends[i] ?? 0
      scan.steps.spend(60)
      const value = assigned(scan, end) ?? told(scan, end)
      if (value === undefined) continue
      found({
        type: 'SECRET',
        rule: 'password',
        start: value.start,
        end: value.start + value.length,
        confidence: value.confidence,
        because: [{ kind: 'keyword', keyword: hits.words[i] ?? 'password' }, { kind: 'shape' }],
      })
    }
  },
}

interface Value {
  readonly start: number
  readonly length: number
  readonly confidence: number
}

function assigned(scan: Scan, from: number): Value | undefined {
  ASSIGNED.lastIndex = from
  const match = ASSIGNED.exec(scan.text)
  const value = match?.[2] ?? ''
  if (match === null || value.includes(' ') || isPlaceholder(value) || !strong(value))
    return undefined
  return { start: ASSIGNED.lastIndex - 1 - value.length, length: value.length, confidence: 0.8 }
}

function told(scan: Scan, from: number): Value | undefined {
  PROSE.lastIndex = from
  const match = PROSE.exec(scan.text)
  if (match === null) return undefined
  const quoted = (match[1] ?? '').trim() !== ''
  const raw = match[2] ?? ''
  const value = raw.replace(/[.,;:!?)\]}]+$/, (tail) => (/^[!?]+$/.test(tail) ? tail : ''))
  const start = PROSE.lastIndex - raw.length
  if (isPlaceholder(value) || looksLikeCode(value)) return undefined
  if (!(quoted ? strong(value) : veryStrong(value))) return undefined
  return { start, length: value.length, confidence: 0.8 }
}

/** Digits or signs among letters: a word of the language is no password. */
const strong = (value: string): boolean =>
  value.length >= 5 && /[\d!@#$%^&*?+~=]/.test(value) && !looksLikeCode(value)

const veryStrong = (value: string): boolean =>
  value.length >= 6 &&
  /\p{L}/u.test(value) &&
  /[\d!@#$%^&*+~]/.test(value.slice(0, -1)) &&
  !/^https?:/.test(value)

const looksLikeCode = (value: string): boolean =>
  /[()[\]{}]|=>|^\$|^\/|^process\.|^[a-z]+(?:\.[a-zA-Z]+)+$|^[A-Z][A-Z_\d]+$|^[a-z]+(?:[_-][a-z]+)+$/.test(
    value,
  ) && !/[!#%^&*]/.test(value)
