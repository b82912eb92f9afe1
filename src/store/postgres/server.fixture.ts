import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { runCommand, serverBinaries, systemUser } from './server-binaries.fixture.ts'

/** A real server for tests, with databases that nobody else sees. */
export interface TestServer {
  /** Its data directory, its socket, and its log are in here. */
  readonly directory: string
  /** The address of the default database, as its superuser. */
  readonly url: (database: string) => string
  /** An empty database, gone after `drop`. */
  fresh(): Promise<{ readonly url: string; drop(): Promise<void> }>
  /** Ends it as this signal does, at once by default, and keeps it away until `back`. */
  away(signal?: NodeJS.Signals): Promise<void>
  back(): Promise<void>
  stop(): Promise<void>
}

export interface ServerSettings {
  /** Lines of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>
}

let started: Promise<TestServer> | null = null

/** The server that all tests of this process share, started at the first call. It ends with the process, however that ends. */
export const sharedServer = (): Promise<TestServer> => (started ??= startServer())

/** A database of one test's own on the shared server. */
export const freshDatabase = async (): ReturnType<TestServer['fresh']> =>
  (await sharedServer()).fresh()

/** Commits are synced as in earnest; only making the files is not. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "''",
  fsync: 'on',
  max_connections: '200',
  shared_buffers: '64MB',
  // many small databases come and go
  checkpoint_timeout: '30min',
  max_wal_size: '2GB',
}

/**
 * Runs the server, and again when it ended, except while there is a file called `away`. Ends it and removes everything when
 * the pipe on the standard input closes: so it goes with the process that holds the other end, even if that is killed.
 * Without its folder it ends too.
 */
const KEEPER = `
exec 3<&0
(cat <&3 >/dev/null; : >"$2/end"; kill -QUIT $(head -n 1 "$2/data/postmaster.pid") 2>/dev/null) &
while [ -d "$2" ] && [ ! -e "$2/end" ]; do
  if [ -e "$2/away" ]; then sleep 0.05; else "$1/postgres" -D "$2/data" -k "$2" >>"$2/log" 2>&1 3<&-; fi
done
cd /
rm -rf "$2"`

/** A server of a test's own. @throws when there is none to be had on this machine */
export async function startServer({ settings = {} }: ServerSettings = {}): Promise<TestServer> {
  const binaries = await serverBinaries()
  if (!binaries.found) throw new Error(binaries.reason)
  const user = systemUser()
  const directory = mkdtempSync(join(tmpdir(), 'ecluse-postgres-'))
  chmodSync(directory, 0o700)
  if (user) chownSync(directory, user.uid, user.gid)
  const as = user ? { uid: user.uid, gid: user.gid } : {}
  const data = join(directory, 'data')
  await runCommand(
    join(binaries.folder, 'initdb'),
    ['-D', data, '-U', 'ecluse', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '-N'],
    as,
  )
  const options = Object.entries({ ...SETTINGS, ...settings })
  const lines = options.map(([name, value]) => `${name} = ${value}`).join('\n')
  await runCommand(
    'sh',
    ['-c', `printf '%s\\n' "$1" >> "$2"`, 'sh', lines, join(data, 'postgresql.conf')],
    as,
  )
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', binaries.folder, directory], {
    ...as,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    // a Ctrl-C at the terminal is for the tests; the server goes when they are gone
    detached: true,
  })
  const exited = new Promise<void>((resolve) => keeper.once('exit', () => resolve()))
  keeper.unref()
  // a pipe is a socket to Node, and must not keep the tests waiting either
  if (keeper.stdin instanceof Socket) keeper.stdin.unref()
  const url = (database: string) =>
    `postgresql://ecluse@${encodeURIComponent(directory)}/${database}`
  await answering(url('postgres'))
  return {
    directory,
    url,
    async away(signal = 'SIGQUIT') {
      writeFileSync(join(directory, 'away'), '')
      process.kill(serverPid(directory), signal)
      await gone(url('postgres'))
    },
    async back() {
      rmSync(join(directory, 'away'), { force: true })
      await answering(url('postgres'))
    },
    async fresh() {
      const name = `test_${randomBytes(6).toString('hex')}`
      await onServer(url('postgres'), `CREATE DATABASE ${name}`)
      const drop = () => onServer(url('postgres'), `DROP DATABASE ${name} WITH (FORCE)`)
      return { url: url(name), drop }
    },
    async stop() {
      keeper.ref()
      keeper.stdin.end()
      await exited
    },
  }
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Milliseconds; starting takes a few hundred. */
const LONGEST_START = 60_000
const PAUSE = 20

async function answering(url: string): Promise<void> {
  for (let waited = 0; ; waited += PAUSE) {
    try {
      return await onServer(url, 'SELECT 1')
    } catch (error) {
      if (waited >= LONGEST_START) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  }
}

const serverPid = (directory: string): number =>
  Number(readFileSync(join(directory, 'data', 'postmaster.pid'), 'utf8').split('\n')[0])

async function gone(url: string): Promise<void> {
  for (let waited = 0; waited < LONGEST_START; waited += PAUSE) {
    try {
      await onServer(url, 'SELECT 1')
    } catch {
      return
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
  throw new Error('the server does not go away')
}
