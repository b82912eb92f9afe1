import { entropy } from '../../checks/entropy.ts'
import { isSamplePassword } from '../../scan/sample-password.ts'
import type { Scan } from '../../scan/scan.ts'

/** Units after `curl ` in which its flags are read, continued lines included. */
const COMMAND = 400
const FLAG = /\s(?:-[a-zA-Z]{0,4}u|--user)(?:[ =]\s{0,3}|(?=["']))/g
/** One argument of a shell: quoted and bare pieces side by side. */
const ARGUMENT = /(?:"[^"\n]{0,160}"|'[^'\n]{0,160}'|[^\s"'`\\]{1,160}){1,4}/y

interface Credentials {
  readonly start: number
  readonly value: string
}

/** What `-u` and `--user` of a curl command carry, where it is no sample. */
export function curlUsers(scan: Scan, at: number): readonly Credentials[] {
  const next = scan.hits('curl').after(at + 5)
  const stop = Math.min(at + COMMAND, scan.hits('curl').starts[next] ?? scan.text.length)
  const command = scan.text.slice(at, stop)
  scan.steps.spend(command.length)
  const found: Credentials[] = []
  for (const flag of command.matchAll(FLAG)) {
    const from = flag.index + flag[0].length
    ARGUMENT.lastIndex = from
    const value = ARGUMENT.exec(command)?.[0] ?? ''
    if (isCredential(value, value.startsWith("'"))) found.push({ start: at + from, value })
  }
  return found
}

/** A variable of the shell or of a template; `Pa$$word` is none, and in single quotes there is none. */
const VARIABLE = /(?<!\$)\$(?!\$)[A-Za-z_({]|[{}]/

function isCredential(argument: string, isLiteral: boolean): boolean {
  const plain = argument.replaceAll(/["']/g, '')
  const colon = plain.indexOf(':')
  if (colon < 0 || plain.startsWith('<')) return false
  const user = unwrapped(plain.slice(0, colon))
  const password = unwrapped(plain.slice(colon + 1))
  // a key stands where the name belongs, and no password follows
  if (password === '') return isRandom(user)
  return (
    password.length >= 3 &&
    password !== user &&
    !(isLiteral ? /[{}]|\$\{/ : VARIABLE).test(password) &&
    !isSamplePassword(password)
  )
}

const unwrapped = (value: string): string => /^\{([^{}]+)\}$/.exec(value)?.[1] ?? value

const isRandom = (value: string): boolean =>
  value.length >= 10 && /\d/.test(value) && entropy(value) >= 3 && !isSamplePassword(value)
