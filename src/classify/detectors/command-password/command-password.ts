import type { Detector } from '../../scan/detector.ts'
import { isSamplePassword } from '../../scan/sample-password.ts'

interface Command {
  /** Words that begin it, and the search for its password from there. */
  readonly words: readonly string[]
  readonly shape: RegExp
  /** Where prose and help texts use the same flag, only what no word is counts. */
  readonly strong?: true
}

const VALUE = `(?:"([^"\\n]{3,100})"|'([^'\\n]{3,100})'|([^\\s"'|;&<>]{3,100}))`
const flag = (before: string, words: string, strong?: true): Command => ({
  words: words.split('|'),
  shape: new RegExp(`${before}${VALUE}`, 'iy'),
  ...(strong === undefined ? {} : { strong }),
})

/** Source: the manual pages of these programs. */
const COMMANDS: readonly Command[] = [
  flag('psexec(?:64)?(?:\\.exe)?\\s[^\\n]{0,200}?\\s[-/]p\\s{1,3}', 'psexec'),
  flag('sshpass\\s{1,3}-p\\s{0,3}', 'sshpass'),
  flag('(?:plink|pscp|psftp|putty)(?:\\.exe)?\\s[^\\n]{0,200}?\\s-pw\\s{1,3}', 'plink|pscp|psftp'),
  flag('(?:mysql|mariadb)(?:dump|admin)?\\s[^\\n|;]{0,160}?\\s-p', 'mysql|mariadb'),
  flag('redis-cli\\s[^\\n|;]{0,160}?\\s-a\\s{1,3}', 'redis-cli'),
  flag('docker\\s{1,3}login\\s[^\\n|;]{0,160}?\\s-p\\s{1,3}', 'docker login'),
  flag('ldap(?:search|modify|add|whoami)\\s[^\\n|;]{0,200}?\\s-w\\s{1,3}', 'ldapsearch|ldapmodify'),
  flag('net\\s{1,3}use\\s[^\\n]{0,120}?/user:\\S{1,60}\\s{1,3}', 'net use', true),
  flag('(?:-|--)(?:store|key)pass\\s{1,3}', '-storepass|-keypass'),
  flag('pass(?:in|out)\\s{1,3}["\']?pass:', '-passin|-passout'),
  flag('--?password[ =]\\s{0,3}', '-password|--password', true),
  {
    words: ['convertto-securestring'],
    shape:
      /convertto-securestring\s{1,3}(?:-string\s{1,3})?(?:"([^"\n$]{3,200})"|'([^'\n]{3,200})')\s[^\n]{0,40}-asplaintext/iy,
  },
]
const BY_WORD = new Map(
  COMMANDS.flatMap((command) => command.words.map((word) => [word, command] as const)),
)
/** The longest stretch that a search may look at. */
const WINDOW = 400

/** Passwords written on a command line. */
export const commandPassword: Detector = {
  id: 'command-password',
  acrossParts: false,
  literals: [{ name: 'command', standing: 'head', words: [...BY_WORD.keys()] }],
  find(scan, found) {
    const hits = scan.hits('command')
    let done = -1
    for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
      const start = hits.starts[i] ?? 0
      if (start < done) continue
      const command = BY_WORD.get(hits.words[i] ?? '')
      // a flag stands apart: `reset-password 2fa` has none
      if (
        command === undefined ||
        (hits.words[i]?.startsWith('-') && !isSpaceBefore(scan.text, start))
      )
        continue
      scan.steps.spend(WINDOW / 4)
      command.shape.lastIndex = start
      const match = command.shape.exec(scan.text)
      const value = match?.findLast((piece) => piece !== undefined) ?? ''
      if (match === null || isSamplePassword(value)) continue
      if (command.strong === true && !/\d|[!#%^&*+=?]/.test(value)) continue
      const at = start + match[0].lastIndexOf(value)
      done = at + value.length
      found({
        type: 'SECRET',
        rule: 'command-password',
        start: at,
        end: done,
        confidence: 0.85,
        because: [{ kind: 'keyword', keyword: hits.words[i] ?? '' }, { kind: 'shape' }],
      })
    }
  },
}

const isSpaceBefore = (text: string, at: number): boolean => /\s/.test(text[at - 1] ?? ' ')
