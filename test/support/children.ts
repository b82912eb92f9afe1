import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'

/** Processes whose parent is this one, from the system's own list. */
export const childrenOf = (pid: number): readonly number[] =>
  execFileSync('sh', ['-c', 'ps -o pid= --ppid "$0" || true', String(pid)])
    .toString()
    .split('\n')
    .map(Number)
    .filter((child) => child > 0)

/** Waits until these have ended by themselves. */
export async function gone(pids: readonly number[]): Promise<void> {
  for (let tries = 0; pids.some(isAlive); tries += 1) {
    assert.ok(tries < 600, 'a process outlived what started it')
    await wait(50)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
