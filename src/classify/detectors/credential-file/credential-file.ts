import type { Detector } from '../../scan/detector.ts'
import { isSamplePassword } from '../../scan/sample-password.ts'
import type { Scan } from '../../scan/scan.ts'

interface Entry {
  readonly rule: string
  /** Literals that begin an entry of such a file. */
  readonly words: readonly string[]
  /** From the literal on; the secret is its only group. */
  readonly shape: RegExp
  readonly check?: (value: string) => boolean
}

/** Source: netrc(5), the PostgreSQL manual on .pgpass, crypt(5), the htpasswd, npm, Docker, Kubernetes and WordPress documentation. */
const ENTRIES: readonly Entry[] = [
  {
    rule: 'netrc',
    words: ['machine', 'default login'],
    shape:
      /(?:machine\s{1,8}\S{1,120}|default)\s{1,8}login\s{1,8}\S{1,100}\s{1,8}password\s{1,8}(\S{3,200})/iy,
  },
  {
    rule: 'pgpass',
    words: [':5432:', ':5433:', ':*:'],
    shape: /:(?:\d{4,5}|\*):[\w*-]{1,64}:[\w.*-]{1,64}:([^\s:"']{3,100})(?=\s|$)/y,
  },
  {
    rule: 'password-hash',
    words: ['$apr1$', '$1$', '$2a$', '$2b$', '$2y$', '$5$', '$6$', '$y$', '$argon2'],
    shape:
      /(\$(?:(?:apr1|1)\$[./A-Za-z\d]{1,8}\$[./A-Za-z\d]{22}|2[aby]\$\d\d\$[./A-Za-z\d]{53}|5\$(?:rounds=\d{1,9}\$)?[./A-Za-z\d]{1,16}\$[./A-Za-z\d]{43}|6\$(?:rounds=\d{1,9}\$)?[./A-Za-z\d]{1,16}\$[./A-Za-z\d]{86}|y\$[./A-Za-z\d]{1,10}\$[./A-Za-z\d]{1,86}\$[./A-Za-z\d]{43}|argon2(?:i|d|id)\$v=\d{1,3}\$m=\d{1,9},t=\d{1,5},p=\d{1,4}\$[+/A-Za-z\d]{8,64}\$[+/A-Za-z\d]{16,128}))(?![./A-Za-z\d])/y,
  },
  {
    rule: 'password-hash',
    words: ['$krb5tgs$', '$krb5asrep$', '$krb5pa$'],
    shape: /(\$krb5(?:tgs|asrep|pa)\$\d{1,2}\$[^\s"']{40,4000})/y,
  },
  {
    rule: 'password-hash',
    words: ['{ssha}', '{ssha512}', '{sha}', 'pbkdf2_sha256$'],
    shape:
      /(\{(?:SSHA|SHA)(?:256|512)?\}[A-Za-z\d+/]{27,140}={0,2}|pbkdf2_sha256\$\d{1,8}\$\w{1,32}\$[A-Za-z\d+/]{43}=)/iy,
  },
  {
    rule: 'docker-auth',
    words: ['"auth"'],
    shape: /"auth"\s{0,3}:\s{0,3}"([A-Za-z\d+/]{8,1200}={0,2})"/y,
    check: (value) => /^[^\s:]{1,100}:[^\s]{3,800}$/.test(latin1(value)),
  },
  {
    rule: 'npmrc',
    words: [':_authtoken', ':_password', '_auth =', '_auth='],
    shape: /:?_(?:authToken|password|auth)\s{0,3}=\s{0,3}"?([\w+/=.~-]{8,500})/y,
  },
  {
    rule: 'kubeconfig',
    words: ['client-key-data'],
    shape: /client-key-data["']?\s{0,3}:\s{0,3}["']?([A-Za-z\d+/]{60,12000}={0,2})/y,
  },
  {
    rule: 'php-define',
    words: ['define('],
    shape:
      /define\(\s{0,3}["']\w{0,30}(?:PASSWORD|_PASS|_KEY|_SALT|SECRET|TOKEN)\w{0,10}["']\s{0,3},\s{0,3}["']([^"'\n]{6,200})["']/y,
    check: (value) => /[^a-z ]/.test(value),
  },
]
const BY_WORD = new Map(ENTRIES.flatMap((entry) => entry.words.map((word) => [word, entry])))

const latin1 = (base64: string): string => Buffer.from(base64, 'base64').toString('latin1')

/** Entries of files that hold credentials: .netrc, .pgpass, htpasswd, shadow, .npmrc, Docker's and Kubernetes' configuration, wp-config. */
export const credentialFile: Detector = {
  id: 'credential-file',
  acrossParts: false,
  literals: [{ name: 'credential-file', standing: 'part', words: [...BY_WORD.keys()] }],
  find(scan, found) {
    const hits = scan.hits('credential-file')
    let done = -1
    for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
      const start = hits.starts[i] ?? 0
      const entry = BY_WORD.get(hits.words[i] ?? '')
      if (entry === undefined || start < done) continue
      const value = valueOf(scan, start, entry)
      if (value === undefined) continue
      done = value.end
      found({
        type: 'SECRET',
        rule: entry.rule,
        start: value.start,
        end: value.end,
        confidence: 0.9,
        because: [{ kind: 'keyword', keyword: hits.words[i] ?? '' }, { kind: 'shape' }],
      })
    }
  },
}

function valueOf(
  scan: Scan,
  start: number,
  { rule, shape, check }: Entry,
): { readonly start: number; readonly end: number } | undefined {
  shape.lastIndex = start
  const match = shape.exec(scan.text)
  scan.steps.spend(match === null ? 24 : match[0].length)
  const value = match?.[1] ?? ''
  if (match === null || check?.(value) === false) return undefined
  // a hash begins with the sign that begins a variable elsewhere
  if (rule !== 'password-hash' && isSamplePassword(value)) return undefined
  const at = start + match[0].lastIndexOf(value)
  return { start: at, end: at + value.length }
}
