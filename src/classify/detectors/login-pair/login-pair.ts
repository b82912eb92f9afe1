import type { Detector } from '../../scan/detector.ts'
import { isSamplePassword } from '../../scan/sample-password.ts'

/** `: jean / Azerty!24`, `= admin:Azerty!24`, after the word that announces both. */
const PAIR =
  /[^\n:=]{0,24}[:=]\s{0,3}["'`«]?\s?([\p{L}\d._%+@-]{2,60})\s{0,2}[/|:]\s{0,2}([^\s"'`»,;/|]{6,60})/iuy
const PATH = /^(?:https?|ftp|file|mailto):?$|^\d+$/i

/** A user name and a password given side by side, English and French. */
export const loginPair: Detector = {
  id: 'login-pair',
  acrossParts: true,
  literals: [
    {
      name: 'login-pair',
      standing: 'stem',
      words:
        'identifiants|credentials|creds|login/mdp|login/mot de passe|user/pass|user/password|username/password|login/password|id/mdp|accès admin|admin access|compte de test|test account|login'.split(
          '|',
        ),
    },
  ],
  find(scan, found) {
    const hits = scan.hits('login-pair')
    for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
      scan.steps.spend(48)
      PAIR.lastIndex = hits.ends[i] ?? 0
      const match = PAIR.exec(scan.text)
      if (match === null) continue
      const [, user = '', password = ''] = match
      if (PATH.test(user) || !isStrong(password.replace(/[.)\]]$/, ''))) continue
      found({
        type: 'SECRET',
        rule: 'login-pair',
        start: PAIR.lastIndex - password.length,
        end: PAIR.lastIndex,
        confidence: 0.7,
        because: [{ kind: 'keyword', keyword: hits.words[i] ?? 'login' }, { kind: 'shape' }],
      })
    }
  },
}

/** Letters with digits and signs: neither a word, a date nor a part of an address. */
const isStrong = (value: string): boolean =>
  /\p{L}/u.test(value) &&
  /\d/.test(value) &&
  (/[!@#$%^&*?+=_-]/.test(value) || /\p{Lu}.*\p{Ll}|\p{Ll}.*\p{Lu}/u.test(value)) &&
  !/[()[\]{}<>\\]|\.\w{2,4}$/.test(value) &&
  !isSamplePassword(value)
