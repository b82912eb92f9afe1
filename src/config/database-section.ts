import { resolve } from 'node:path'
import { databaseAddresses } from '#kernel/database-addresses.ts'
import { secretVariable } from './environment-keys.ts'
import { isLoopback } from './listen-address.ts'
import type { Reading } from './reading.ts'
import { FileSchema } from './schema.ts'
import { secretAt } from './secret-at.ts'
import { exposure } from './secret-references.ts'
import { Secret } from './secret.ts'
import type { DatabaseSettings, DatabaseTls } from './types.ts'

const SECTION = 'database'

/** The server that everything is kept on; null for the file in the data directory. ECLUSE_DATABASE_URL goes before the file. */
export function readDatabase(reading: Reading): DatabaseSettings | null {
  const parsed = FileSchema.shape.database.safeParse(reading.file.value[SECTION])
  if (!parsed.success) return null
  const variable = secretVariable(reading.env, 'ECLUSE_DATABASE_URL')
  reading.problems.push(...variable.problems)
  const url = variable.secret ?? written(reading, parsed.data?.url)
  if (url === null) return null
  const complain = (code: 'invalid-database-url' | 'plain-database') =>
    variable.secret
      ? reading.problems.push({ code, path: 'ECLUSE_DATABASE_URL' })
      : reading.complain({ code, path: [SECTION, 'url'] })
  const address = databaseAddress(url.reveal())
  if (address === null) {
    complain('invalid-database-url')
    return null
  }
  if (address.isPlain && !address.isLocal) complain('plain-database')
  const files = readTlsFiles(reading, parsed.data?.tls)
  const isEncrypted = files !== null || !(address.isLocal || address.isPlain)
  return {
    url: new Secret(address.url),
    connections: parsed.data?.connections ?? 10,
    tls: isEncrypted ? (files ?? { ca: null, cert: null, key: null }) : null,
  }
}

interface DatabaseAddress {
  /** Without `sslmode`: what it asked for is in the settings. Several servers are separated by commas. */
  readonly url: string
  /** On this machine: a loopback address, or a socket. */
  readonly isLocal: boolean
  /** `sslmode=disable` was asked for. */
  readonly isPlain: boolean
}

/** An address of PostgreSQL with a database's name, of one server or of several that stand for each other; null for any other text. https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS */
export function databaseAddress(text: string): DatabaseAddress | null {
  const [first, ...others] = databaseAddresses(text).map(oneAddress)
  if (!first || others.some((other) => other === null)) return null
  const all = [first, ...others.filter((other) => other !== null)]
  return {
    url: joined(all.map(({ url }) => url)),
    isLocal: all.every(({ isLocal }) => isLocal),
    isPlain: first.isPlain,
  }
}

/** As one text again, each server with its port. */
function joined([first = '', ...others]: readonly string[]): string {
  if (others.length === 0) return first
  const server = (text: string): string => {
    const { hostname, host, searchParams } = new URL(text)
    if (hostname !== '') return host
    const port = searchParams.get('port')
    return encodeURIComponent(searchParams.get('host') ?? '') + (port === null ? '' : `:${port}`)
  }
  const url = new URL(first)
  const servers = [first, ...others].map(server).join(',')
  for (const name of ['host', 'port']) url.searchParams.delete(name)
  const user = url.username + (url.password === '' ? '' : `:${url.password}`)
  return `${url.protocol}//${user === '' ? '' : `${user}@`}${servers}${url.pathname}${url.search}`
}

function oneAddress(text: string): DatabaseAddress | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const isOurs = url.protocol === 'postgres:' || url.protocol === 'postgresql:'
  const host = url.hostname === '' ? (url.searchParams.get('host') ?? '') : decoded(url.hostname)
  if (!isOurs || url.pathname.length < 2 || host === '' || url.hash !== '') return null
  const isPlain = url.searchParams.get('sslmode') === 'disable'
  // anything else it can say is less than what we do: the certificate is checked, with its name
  for (const name of ['sslmode', 'ssl', 'uselibpqcompat']) url.searchParams.delete(name)
  // of several the one that can be written to is taken, whatever else is asked for
  url.searchParams.delete('target_session_attrs')
  const isLocal = host.startsWith('/') || isLoopback(host.replaceAll(/[[\]]/g, ''))
  return { url: url.href, isLocal, isPlain }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

const written = (reading: Reading, reference: string | undefined): Secret | null =>
  reference === undefined ? null : secretAt(reading, reference, [SECTION, 'url'])

type TlsRow = { ca?: string | undefined; cert?: string | undefined; key?: string | undefined }

function readTlsFiles(reading: Reading, row: TlsRow | undefined): DatabaseTls | null {
  if (row === undefined) return null
  const { location, readFile, complain } = reading
  const read = (name: 'ca' | 'cert' | 'key'): string | null => {
    const file = row[name]
    if (file === undefined) return null
    const path = [SECTION, 'tls', name]
    const content = readFile(resolve(location.folder, file))
    const text = content.ok ? new TextDecoder().decode(content.value.bytes) : ''
    if (!text.includes('-----BEGIN ')) complain({ code: 'tls-file-unreadable', path })
    const exposed = content.ok && name === 'key' ? exposure(content.value) : undefined
    if (exposed) complain({ ...exposed, path })
    return text
  }
  const key = read('key')
  return { ca: read('ca'), cert: read('cert'), key: key === null ? null : new Secret(key) }
}
