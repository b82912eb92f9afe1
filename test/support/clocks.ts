import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'set-clock.mjs')).href

/** A machine of which the clock can be set: what its processes need in their environment. */
export function settableClock(home: string, wrongByMs = 0) {
  const file = join(home, 'wrong-by')
  const set = (ms: number): void => writeFileSync(file, String(ms))
  set(wrongByMs)
  return { set, env: { NODE_OPTIONS: `--import=${PRELOAD}`, TEST_CLOCK_FILE: file } }
}
