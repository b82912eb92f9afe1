import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const HEARTBEAT_MS = 2_000
// A holder elsewhere (another container on the same folder) is gone when it has been silent this long.
const SILENCE_MS = 30_000
const POLL_MS = 200

/**
 * Takes the lock folder `path`, waiting up to `patienceMs` for whoever holds it (`onWait(pid)` is told once).
 * Returns the function that gives it back, or null when patience ran out. Locks of dead processes are broken.
 */
export async function takeLock(path, { patienceMs, onWait }) {
  const deadline = Date.now() + patienceMs
  let told = false
  for (;;) {
    if (claim(path)) return hold(path)
    const owner = ownerOf(path)
    if (owner && isGone(path, owner)) {
      breakLock(path)
      continue
    }
    if (Date.now() > deadline) return null
    if (!told && owner) onWait(owner.pid)
    told ||= owner !== null
    await wait(POLL_MS)
  }
}

/** The folder appears with its owner already inside: a rename is one step, and fails when the lock exists. */
function claim(path) {
  const draft = `${path}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  writeFileSync(
    join(draft, 'owner.json'),
    JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() }),
  )
  try {
    renameSync(draft, path)
    return true
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(error.code) && exists(path))
      return false
    throw error
  }
}

function hold(path) {
  const beat = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date())
    } catch {
      // The lock was removed by hand; there is nothing left to keep alive.
    }
  }, HEARTBEAT_MS)
  beat.unref()
  return () => {
    clearInterval(beat)
    if (ownerOf(path)?.pid === process.pid) rmSync(path, { recursive: true, force: true })
  }
}

/** Moved aside before it is removed, so that two breakers never remove a fresh lock: the loser's rename fails or is undone. */
function breakLock(path) {
  const aside = `${path}.broken.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  const owner = ownerOf(aside)
  if (owner && !isGone(aside, owner)) {
    try {
      renameSync(aside, path)
      return
    } catch {
      // Somebody took the lock in that instant; ours to remove is only the copy aside.
    }
  }
  rmSync(aside, { recursive: true, force: true })
}

function isGone(path, owner) {
  if (owner.host === hostname() && !isAlive(owner.pid)) return true
  return Date.now() - (lastBeat(path) ?? Date.now()) > SILENCE_MS
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function ownerOf(path) {
  try {
    return JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8'))
  } catch {
    return null
  }
}

function lastBeat(path) {
  try {
    return statSync(path).mtimeMs
  } catch {
    return null
  }
}

const exists = (path) => lastBeat(path) !== null
