import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'

/**
 * How a registry is signed in to: `basic` is user and password as HTTP sends them; `identity` a token that is exchanged for
 * others. `helper`: another program keeps them, which is never run from here.
 */
export type RegistryLogin =
  | { readonly kind: 'login'; readonly basic: string }
  | { readonly kind: 'identity'; readonly token: string }
  | { readonly kind: 'helper' }

/** Files with logins are small, bytes. */
const MOST_BYTES = 1024 * 1024

const Entry = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
})
/** `config.json` of Docker and `auth.json` of Podman. */
const Logins = z.object({
  auths: z.record(z.string(), Entry).optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
})
type Logins = z.infer<typeof Logins>

/** The login for a repository out of the first of these files that has one; the most exact entry wins. */
export async function findLogin(
  files: readonly string[],
  host: string,
  name: string,
): Promise<RegistryLogin | null> {
  for (const file of files) {
    const logins = await readLogins(file)
    const found = logins === null ? null : loginIn(logins, host, name)
    if (found !== null) return found
  }
  return null
}

async function readLogins(file: string): Promise<Logins | null> {
  const found = await stat(file).catch(() => null)
  if (found?.isFile() !== true || found.size > MOST_BYTES) return null
  try {
    return Logins.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return null
  }
}

function loginIn(
  { auths = {}, credHelpers = {}, credsStore }: Logins,
  host: string,
  name: string,
): RegistryLogin | null {
  const entries = new Map(Object.entries(auths).map(([key, entry]) => [plainKey(key), entry]))
  const parts = name.split('/')
  for (let length = parts.length; length >= 0; length--) {
    const entry = entries.get([host, ...parts.slice(0, length)].join('/'))
    if (entry?.identitytoken !== undefined && isToken(entry.identitytoken))
      return { kind: 'identity', token: entry.identitytoken }
    const basic = entry && basicOf(entry)
    if (basic) return { kind: 'login', basic }
    // an empty place says that the helper has it
    if (entry && credsStore !== undefined) return { kind: 'helper' }
  }
  const helped = Object.keys(credHelpers).some((key) => plainKey(key) === host)
  return helped ? { kind: 'helper' } : null
}

/** Keys are written as hosts, addresses, or addresses of version 1 of the protocol. */
const plainKey = (key: string): string =>
  key
    .replace(/^https?:\/\//, '')
    .replace(/\/(?:v[12]\/?)?$/, '')
    .replace(/^(?:index|registry-1)\.docker\.io/, 'docker.io')

/** Whatever its form, it goes into a form as it is. */
const isToken = (text: string): boolean => /^[\x21-\x7e]{1,32768}$/.test(text)

function basicOf({ auth, username, password }: z.infer<typeof Entry>): string | null {
  const given =
    username && password ? Buffer.from(`${username}:${password}`).toString('base64') : auth
  if (given === undefined || !/^[A-Za-z0-9+/]{1,16384}={0,2}$/.test(given)) return null
  return /^[^:]+:./s.test(Buffer.from(given, 'base64').toString('utf8')) ? given : null
}
