import type { Detector } from '../../scan/detector.ts'
import { isSamplePassword } from '../../scan/sample-password.ts'
import type { Scan } from '../../scan/scan.ts'

/** Where a password is for: `of the admin account`, `on the printer`, `du VPN`. */
const WHERE = `(?: (?:de|du|des|pour|sur|dans|chez|of|for|to|on|at the|at our|in the|in our|от|для|к|на|d['’])[ '’]?(?:[\\p{L}\\d@._-]{1,24} ?){1,4})`
/** What has one, named straight behind the word: `mdp admin:`, `wifi password prod =`. */
const OWNER = `(?: (?:admin|administrateur|administrator|root|user|utilisateur|wi-?fi|vpn|ssh|s?ftp|smtp|imap|db|bdd|base|database|prod|production|pr[eé]prod|staging|test|dev|serveur|server|compte|account|portail|portal|session|windows|linux|postgres|mysql|oracle|sql|ldap|nas|routeur|router|firewall|box|messagerie|mail|teams|sap|erp|crm|intranet|extranet|gitlab|github|jira|backup|sauvegarde|client|invit[eé]s?|guests?|bitlocker|keepass)){1,3}(?= ?[:=]|,? (?:is|est|c['’]est) )`
/** A verb stands alone: `is` within a password is none. */
const VERB = `(?:(?<![\\p{L}\\d])(?:is now|is still|is|was|est maintenant|est désormais|est toujours|est encore|est|sera|reste|sont|devient|c['’]est|a changé|changed to|set to|will be)(?![\\p{L}\\d])|=>|=|:)`
/** From the word to the value: `is`, `est`, `:`, `=`, with a few words between. */
const PROSE = new RegExp(
  `[a-zéè]{0,12}(?: (?:provisoire|temporaire|initiale?|actuel(?:le)?|maître|administrateur|temporary|new|current|default|initial|master|par défaut|de secours)){0,2}(?:${OWNER}|${WHERE})?,?\\s{0,2}(?:${VERB}\\s{0,3}){1,2}(["'\`“«]?\\s?)([^\\s"'\`“”<>«»]{4,80})`,
  'iuy',
)
const ASSIGNED =
  /[\w.-]{0,24}["'\]]{0,2}(?:\s{0,3}(?:=>|:=|=|:|,|\()\s{0,3}|\s{1,2})(["'`])([^"'`\n]{4,100})\1/iuy
/** `DB_PASSWORD=…` to the end of the line, as files of settings have it. */
const SETTING = /[A-Z\d_]{0,24}[ \t]{0,2}=[ \t]{0,2}([^\s"'`$;,&]{6,100})(?=\s|$)/y
const PROPERTY = /[ \t]{0,2}[=:][ \t]{0,2}([^\s"'`$;,&{]{6,100})(?=\s|$)/y
/** Straight after the word: only what cannot be a word of the language. */
const DIRECT = /\s{1,2}(["'`«]?\s?)((?![([{])[^\s"'`<>«»:=]{8,80})/uy
/** In quotation marks of prose, French or English. */
const QUOTED = /\s{0,2}(?:«\s?([^\s«»]{5,80})\s?»|“([^\s“”]{5,80})”)/uy
/** A value as state files of infrastructure have it: `"db_password":{"value":"…"`. */
const NESTED =
  /[\w.-]{0,24}["']\s{0,2}:\s{0,2}\{\s{0,8}["'](?:value|default)["']\s{0,2}:\s{0,2}["']([^"'\n]{5,100})["']/y
/** A question for it, and the answer on a line of its own. */
const REPLY =
  /[^\n?]{0,60}\?\s{0,3}\n[^\n]{0,60}?(?:c['’]est|it['’]s|it is|voilà|voici|here(?: it is|['’]s)?)\s?:?\s?([^\s"'`<>«»]{6,60})/iuy

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
        'code vpn',
        'code du vpn',
        'code d’accès vpn',
        'wifi password',
        'passwort',
        'contraseña',
        'пароль',
        'парола',
        'κωδικός πρόσβασης',
        'συνθηματικό',
      ],
    },
  ],
  find(scan, found) {
    const hits = scan.hits('password')
    for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
      const end = hits.ends[i] ?? 0
      scan.steps.spend(60)
      const start = hits.starts[i] ?? 0
      const value =
        assigned(scan, end) ??
        setting(scan, start, end) ??
        told(scan, end) ??
        quoted(scan, end) ??
        replied(scan, end) ??
        direct(scan, end)
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
  NESTED.lastIndex = from
  const given = ASSIGNED.exec(scan.text)?.[2]
  const value = given ?? NESTED.exec(scan.text)?.[1] ?? ''
  if (value === '' || value.includes(' ') || isSamplePassword(value) || !strong(value))
    return undefined
  const end = given === undefined ? NESTED.lastIndex : ASSIGNED.lastIndex
  return { start: end - 1 - value.length, length: value.length, confidence: 0.8 }
}

function told(scan: Scan, from: number): Value | undefined {
  PROSE.lastIndex = from
  const match = PROSE.exec(scan.text)
  if (match === null) return undefined
  const quoted = (match[1] ?? '').trim() !== ''
  const raw = match[2] ?? ''
  const value = raw.replace(/[.,;:!?)\]}]+$/, (tail) => (/^[!?]+$/.test(tail) ? tail : ''))
  const start = PROSE.lastIndex - raw.length
  if (isSamplePassword(value) || looksLikeCode(value)) return undefined
  if (!quoted && PROGRAM.test(value)) return undefined
  if (!(quoted ? strong(value) : veryStrong(value))) return undefined
  return { start, length: value.length, confidence: 0.8 }
}

/** The value of a variable in capitals, or of a dotted property that begins its line. */
function setting(scan: Scan, start: number, end: number): Value | undefined {
  const name = scan.text.slice(start, end)
  const line = scan.text.slice(Math.max(0, start - 60), start)
  const capitals = /^[A-Z_]+$/.test(name) && !/[a-z]$/.test(line)
  const shape = capitals
    ? SETTING
    : /(?:^|\n)[a-z][\w-]{0,30}\.(?:[\w.-]{1,50}\.)?$/.test(line)
      ? PROPERTY
      : undefined
  if (shape === undefined) return undefined
  shape.lastIndex = end
  const value = shape.exec(scan.text)?.[1]
  if (value === undefined || isSamplePassword(value) || looksLikeCode(value)) return undefined
  if (/^[a-z]+$/.test(value) || !/\p{L}/u.test(value)) return undefined
  return { start: shape.lastIndex - value.length, length: value.length, confidence: 0.8 }
}

function quoted(scan: Scan, from: number): Value | undefined {
  QUOTED.lastIndex = from
  const match = QUOTED.exec(scan.text)
  const value = match?.[1] ?? match?.[2] ?? ''
  if (!/\d/.test(value) || isSamplePassword(value) || !strong(value)) return undefined
  const start = from + (match?.[0].indexOf(value) ?? 0)
  return { start, length: value.length, confidence: 0.8 }
}

/** Only what mixes letters, digits and signs or cases: the answer may be about anything. */
function replied(scan: Scan, from: number): Value | undefined {
  REPLY.lastIndex = from
  const raw = REPLY.exec(scan.text)?.[1] ?? ''
  const value = raw.replace(/[.,;:)]+$/, '')
  if (!/\d/.test(value) || !/\p{Ll}/u.test(value) || !/[\p{Lu}!@#$%^&*?+=]/u.test(value))
    return undefined
  if (isSamplePassword(value) || !veryStrong(value) || looksLikeCode(value)) return undefined
  return { start: REPLY.lastIndex - raw.length, length: value.length, confidence: 0.7 }
}

/** Letters of both cases or a digit, and a sign inside. */
function direct(scan: Scan, from: number): Value | undefined {
  DIRECT.lastIndex = from
  const match = DIRECT.exec(scan.text)
  const value = (match?.[2] ?? '').replace(/[.,;:!?)\]}]+$/, '')
  if (match === null || isSamplePassword(value) || looksLikeCode(value)) return undefined
  if (!/\p{Ll}/u.test(value) || !/\d/.test(value) || !/[!@#$%^&*?+]/.test(value)) return undefined
  if (/^[\w.+-]+@[\w-]+\.\w+$/.test(value)) return undefined
  const start = DIRECT.lastIndex - (match[2] ?? '').length
  return { start, length: value.length, confidence: 0.7 }
}

/** Digits or signs among letters: a word of the language is no password. */
const strong = (value: string): boolean =>
  value.length >= 5 && /[\d!@#$%^&*?+~=]/.test(value) && !looksLikeCode(value)

const veryStrong = (value: string): boolean =>
  value.length >= 6 &&
  /\p{L}/u.test(value) &&
  /[\d!@#$%^&*+~]/.test(value.slice(0, -1)) &&
  !/^https?:/.test(value)

/** Calls and the next members of what a program lists. */
const PROGRAM = /&&|\|\||\w\(|[,;]\w{1,40}[:=.]/
/** Types, encodings and paths of fields: `Uint8Array`, `users.*.password`. */
const TYPE =
  /^(?:u?int|float|bigu?int|base|utf|sha|aes)[-_]?\d|^(?:[A-Za-z_*]{1,40}\.){1,8}[A-Za-z_*]{1,40}$/i

const looksLikeCode = (value: string): boolean =>
  TYPE.test(value) ||
  (/[()[\]{}]|=>|^\$|^\/|^process\.|^[a-z]+(?:\.[a-zA-Z]+)+$|^[A-Z][A-Z_\d]+$|^[a-z]+(?:[_-][a-z]+)+$/.test(
    value,
  ) &&
    !/[!#%^&*]/.test(value))
