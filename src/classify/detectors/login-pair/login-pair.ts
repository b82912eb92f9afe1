import type { Detector, Draft } from '../../scan/detector.ts'
import { isSamplePassword } from '../../scan/sample-password.ts'
import type { Scan } from '../../scan/scan.ts'

/** `: jean / Azerty!24`, `= admin:Azerty!24`, after the word that announces both. */
const PAIR =
  /[^\n:=]{0,24}(?:[:=]| [—–-] )\s{0,3}["'`«]?\s?([\p{L}\d._%+@-]{2,60})\s{0,2}[/|:]\s{0,2}([^\s"'`»,;/|]{6,60})/iuy
/** `login: jean / pass: …`, `user jean, mdp …`: each behind its own name. */
const NAMED =
  /\s{0,2}[:=]?\s{0,2}["'`«]?\s?[\p{L}\d._%+@\\-]{2,60}["'`»]?\s{0,3}[/|,;–—\n-]?\s{0,3}(?:and |et )?(?:pass(?:word|wd|code|phrase)?|mot de passe|mdp|pwd?)\s{0,2}(?:[:=]|is|est)\s{0,2}["'`«]?\s?([^\s"'`»,;/|]{6,60})/iuy
/** From the user's name to the word for the password. */
const NAMED_REACH = 96
/** `pw: …`, alone on its line. */
const SHORT = /[ \t]{0,2}[:=][ \t]{0,2}["'`«]?([^\s"'`»,;/|]{6,60})["'`»]?(?=\s{0,3}(?:$|\n))/uy
const PATH = /^(?:https?|ftp|file|mailto):?$|^\d{1,4}$/i

/** A user name and a password given side by side, English and French. */
export const loginPair: Detector = {
  id: 'login-pair',
  acrossParts: true,
  literals: [
    {
      name: 'login-pair',
      standing: 'stem',
      words:
        'identifiants|credentials|creds|login/mdp|login/mot de passe|user/pass|user/password|username/password|login/password|id/mdp|accès admin|admin access|compte de test|test account|login|compte root|compte admin|compte administrateur|compte de service|accès root|accès ssh|accès ftp|root account|admin account|service account|utilisateur|username|user|identifiant'.split(
          '|',
        ),
    },
    { name: 'password-short', standing: 'word', words: ['pw', 'pass', 'mp'] },
  ],
  find(scan, found) {
    const hits = scan.hits('login-pair')
    for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
      scan.steps.spend(48)
      const from = hits.ends[i] ?? 0
      const word = hits.words[i] ?? 'login'
      const value = named(scan, from) ?? paired(scan.text, from, word)
      if (value !== undefined) found(draft(value, word))
    }
    const short = scan.hits('password-short')
    for (let i = 0; i < short.length && !scan.steps.exhausted; i++) {
      scan.steps.spend(16)
      SHORT.lastIndex = short.ends[i] ?? 0
      const match = SHORT.exec(scan.text)
      if (match === null || !isMixed(match[1] ?? '')) continue
      const end = SHORT.lastIndex - (/["'`»]$/.test(match[0]) ? 1 : 0)
      found(draft({ start: end - (match[1] ?? '').length, end }, short.words[i] ?? 'pw'))
    }
  },
}

interface Value {
  readonly start: number
  readonly end: number
}

/** Only where a word for a password follows, so that "user" in prose costs nothing. */
function named(scan: Scan, from: number): Value | undefined {
  const isNear = ['password', 'password-short'].some(
    (group) => scan.hits(group).within(from, from + NAMED_REACH) >= 0,
  )
  if (!isNear) return undefined
  scan.steps.spend(48)
  NAMED.lastIndex = from
  const password = NAMED.exec(scan.text)?.[1] ?? ''
  if (!isMixed(password)) return undefined
  return { start: NAMED.lastIndex - password.length, end: NAMED.lastIndex }
}

/** Words too common to announce a pair by themselves. */
const COMMON = new Set(['user', 'username', 'utilisateur', 'identifiant'])

function paired(text: string, from: number, word: string): Value | undefined {
  if (COMMON.has(word)) return undefined
  PAIR.lastIndex = from
  const match = PAIR.exec(text)
  if (match === null) return undefined
  const [, user = '', password = ''] = match
  if (PATH.test(user) || !isStrong(password.replace(/[.)\]]$/, ''))) return undefined
  return { start: PAIR.lastIndex - password.length, end: PAIR.lastIndex }
}

const draft = (value: Value, keyword: string): Draft => ({
  type: 'SECRET',
  rule: 'login-pair',
  ...value,
  confidence: 0.7,
  because: [{ kind: 'keyword', keyword }, { kind: 'shape' }],
})

/** Letters and digits, and no code. */
const isMixed = (value: string): boolean =>
  /\p{L}/u.test(value) &&
  /\d/.test(value) &&
  !/[()[\]{}<>\\]|\.\w{2,4}$|^(?:https?|u?int|float|sha|md)-?\d*/i.test(value) &&
  !isSamplePassword(value)

/** Letters with digits and signs: neither a word, a date nor a part of an address. */
const isStrong = (value: string): boolean =>
  /\p{L}/u.test(value) &&
  /\d/.test(value) &&
  (/[!@#$%^&*?+=_-]/.test(value) || /\p{Lu}.*\p{Ll}|\p{Ll}.*\p{Lu}/u.test(value)) &&
  !/[()[\]{}<>\\]|\.\w{2,4}$/.test(value) &&
  !isSamplePassword(value)
