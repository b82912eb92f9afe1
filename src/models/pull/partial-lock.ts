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
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''))
    // Just created and not yet filled, or alive: it is held.
    if (!(owner > 0) || isAlive(owner)) return null
    await rm(lock, { force: true })
  }
  return null
}
