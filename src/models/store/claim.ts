import { open, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { clearInterval, setInterval } from 'node:timers'
import type { EpochMs } from '#kernel/units.ts'
import { isAlive } from './is-alive.ts'
import { storePaths, type Sha256 } from './store-layout.ts'

/** A claim that was not renewed for so long is of somebody who is gone, milliseconds. */
const LASTS_MS = 3_600_000
const RENEWED_MS = 60_000
/** Claims are lists of digests, bytes. */
const MOST_BYTES = 64 * 1024 * 1024
const ENDING = '.claim'

/** What somebody who fetches a model has in use while no name refers to it yet: it is not collected meanwhile. */
export interface Claim {
  add(digest: Sha256): Promise<void>
  end(): Promise<void>
}

/** Claims what comes into the store from now on, and what is added; until its end, or the end of this process. */
export async function claim(dir: string, id: string, now: EpochMs): Promise<Claim> {
  const { partial } = storePaths(dir)
  await forgetDead(partial, now)
  const path = join(partial, `${id}${ENDING}`)
  const file = await open(path, 'wx', 0o600)
  await file.appendFile(`${process.pid} ${hostname()} ${now}\n`)
  const renew = (): void => {
    const seconds = Date.now() / 1000
    utimes(path, seconds, seconds).catch(() => undefined)
  }
  const timer = setInterval(renew, RENEWED_MS)
  timer.unref()
  const added = new Set<Sha256>()
  return {
    async add(digest) {
      if (added.has(digest)) return
      added.add(digest)
      await file.appendFile(`${digest}\n`)
    },
    async end() {
      clearInterval(timer)
      await file.close()
      await rm(path, { force: true })
    },
  }
}

/** Claims of processes that were killed. */
async function forgetDead(partial: string, now: EpochMs): Promise<void> {
  for (const name of await readdir(partial).catch(() => []))
    if (name.endsWith(ENDING) && (await readClaim(join(partial, name), now)) === null)
      await rm(join(partial, name), { force: true }).catch(() => undefined)
}

/** All claims of those who are still there. */
export interface Claimed {
  readonly digests: ReadonlySet<Sha256>
  /** What was written to the store since then is claimed too; null: nobody claims. */
  readonly since: EpochMs | null
}

/** What is claimed now; null where that cannot be read, and then everything may be. */
export async function claimedIn(dir: string, now: EpochMs): Promise<Claimed | null> {
  const { partial } = storePaths(dir)
  const names = await namesIn(partial)
  if (names === null) return null
  const digests = new Set<Sha256>()
  let since: EpochMs | null = null
  for (const name of names) {
    if (!name.endsWith(ENDING)) continue
    const found = await readClaim(join(partial, name), now)
    if (found === null) continue
    for (const digest of found.digests) digests.add(digest)
    since = since === null ? found.since : Math.min(since, found.since)
  }
  return { digests, since }
}

async function readClaim(
  path: string,
  now: EpochMs,
): Promise<{ readonly digests: readonly Sha256[]; readonly since: EpochMs } | null> {
  const seen = await stat(path).catch(() => null)
  if (seen === null || seen.size > MOST_BYTES || seen.mtimeMs < now - LASTS_MS) return null
  const [head = '', ...lines] = (await readFile(path, 'utf8').catch(() => '')).split('\n')
  const [pid = '', host, since = ''] = head.split(' ')
  // a process of another machine cannot be asked for
  if (host === hostname() && !isAlive(Number(pid))) return null
  const digests = lines.filter((line) => /^[0-9a-f]{64}$/.test(line))
  // one that was just made says nothing yet, and claims all
  return { digests, since: /^\d+$/.test(since) ? Number(since) : 0 }
}

/** Names in a folder of the store, none where there is no such folder; null where it cannot be read: it may hold anything. */
export const namesIn = (folder: string): Promise<readonly string[] | null> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : null))
