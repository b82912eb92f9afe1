import { open, readFile, rm } from 'node:fs/promises'
import { isAlive } from '../store/is-alive.ts'

/** Two pulls of one file: the first holds the resumable partial file, the other takes one of its own. */
export async function lockPartial(path: string): Promise<(() => Promise<void>) | null> {
  const lock = `${path}.lock`
  for (let attempt = 0; attempt < 2; attempt++) {
    const file = await open(lock, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return null
      throw error
    })
    if (file !== null) {
      await file.writeFile(String(process.pid))
      await file.close()
      return () => rm(lock, { force: true })
    }
    const owner = await ownerOf(lock)
    // Just created and not yet filled, or alive: it is held.
    if (!(Number(owner) > 0) || isAlive(Number(owner))) return null
    if (!(await removeStale(lock, owner))) return null
  }
  return null
}

const ownerOf = (lock: string): Promise<string> => readFile(lock, 'utf8').catch(() => '')

/** Two may find the same dead owner: the second must not take away what the first has locked since. False: somebody is at it. */
async function removeStale(lock: string, owner: string): Promise<boolean> {
  const taking = `${lock}.taking`
  const file = await open(taking, 'wx', 0o600).catch(() => null)
  if (file === null) return false
  try {
    await file.close()
    if ((await ownerOf(lock)) === owner) await rm(lock, { force: true })
    return true
  } finally {
    await rm(taking, { force: true })
  }
}
