import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
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
  /** Stops every process of it where it stands, as a machine does that is cut off, until `thaw`. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

export interface ServerSettings {
  /** Lines of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>
  /** Files of the data directory, by their names. */
  readonly files?: Readonly<Record<string, string>>
  /** It follows this one, until it is promoted. */
  readonly standbyOf?: TestServer
  /** Where its directory is made; the temporary one when absent. */
  readonly parent?: string
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
export async function startServer(asked: ServerSettings = {}): Promise<TestServer> {
  const { settings = {}, parent = tmpdir() } = asked
  const binaries = await serverBinaries()
  if (!binaries.found) throw new Error(binaries.reason)
  const user = systemUser()
  const directory = mkdtempSync(join(parent, 'ecluse-postgres-'))
  chmodSync(directory, 0o700)
  if (user) chownSync(directory, user.uid, user.gid)
  const as = user ? { uid: user.uid, gid: user.gid } : {}
  await makeData(binaries.folder, directory, as, asked)
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
  const port = settings['port'] === undefined ? '' : `:${settings['port']}`
  const url = (database: string) =>
    `postgresql://ecluse@${encodeURIComponent(directory)}${port}/${database}`
  await answering(url('postgres'))
  const signal = (name: NodeJS.Signals): void => {
    const postmaster = serverPid(directory)
    for (const pid of [postmaster, ...childrenOf(postmaster)]) process.kill(pid, name)
  }
  return {
    directory,
    url,
    async away(how = 'SIGQUIT') {
      writeFileSync(join(directory, 'away'), '')
      process.kill(serverPid(directory), how)
      await gone(url('postgres'))
    },
    async back() {
      rmSync(join(directory, 'away'), { force: true })
      await answering(url('postgres'))
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
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

/** The data directory: a new one, or a copy of the server's that it follows. */
async function makeData(
  binaries: string,
  directory: string,
  as: { readonly uid?: number; readonly gid?: number },
  { settings = {}, files = {}, standbyOf }: ServerSettings,
): Promise<void> {
  const data = join(directory, 'data')
  const following = standbyOf
    ? { primary_conninfo: `'host=${standbyOf.directory} user=ecluse'` }
    : {}
  const options = Object.entries({ ...SETTINGS, ...following, ...settings })
  if (standbyOf) {
    // the npm package has no pg_basebackup; a server that was shut down can be copied as it is
    await standbyOf.away('SIGINT')
    while (existsSync(join(standbyOf.directory, 'data', 'postmaster.pid'))) await pause()
    await runCommand('cp', ['-a', join(standbyOf.directory, 'data'), data], as)
    await standbyOf.back()
  } else {
    const make = ['-D', data, '-U', 'ecluse', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']
    await runCommand(join(binaries, 'initdb'), [...make, '--no-sync'], as)
  }
  const lines = options.map(([name, value]) => `${name} = ${value}`).join('\n')
  const add = `printf '%s\\n' "$1" >> "$2"`
  await runCommand('sh', ['-c', add, 'sh', lines, join(data, 'postgresql.conf')], as)
  const all = { ...files, ...(standbyOf ? { 'standby.signal': '' } : {}) }
  for (const [name, text] of Object.entries(all)) {
    const write = 'umask 077; printf %s "$1" > "$2"'
    await runCommand('sh', ['-c', write, 'sh', text, join(data, name)], as)
  }
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)

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

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE))

async function answering(url: string): Promise<void> {
  for (let waited = 0; ; waited += PAUSE) {
    try {
      return await onServer(url, 'SELECT 1')
    } catch (error) {
      if (waited >= LONGEST_START) throw error
      await pause()
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
    await pause()
  }
  throw new Error('the server does not go away')
}
