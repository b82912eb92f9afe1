import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { clearInterval, setInterval } from 'node:timers'

/** How often a folder is looked at, milliseconds: progress for a person. */
const LOOK_MS = 500
/** Files that are looked at: a program that brings one file keeps few beside it. */
const MOST_ENTRIES = 1000

/** Tells how large the largest file below a folder has become, until it is called to stop: a program that fetches tells nothing itself. */
export function followGrowth(
  folder: string,
  onBytes: (bytes: number) => void,
  everyMs: number = LOOK_MS,
): () => void {
  let told = 0
  let isLooking = false
  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    void largestBelow(folder)
      .then((bytes) => {
        // what it copies or throws away does not go back
        if (bytes <= told) return
        told = bytes
        onBytes(bytes)
      })
      .finally(() => {
        isLooking = false
      })
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** Bytes of the largest file below a folder; what comes and goes meanwhile counts for nothing. */
export async function largestBelow(folder: string): Promise<number> {
  let largest = 0
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  for (const name of names.slice(0, MOST_ENTRIES)) {
    const seen = await stat(join(folder, name)).catch(() => null)
    if (seen?.isFile() === true) largest = Math.max(largest, seen.size)
  }
  return largest
}
