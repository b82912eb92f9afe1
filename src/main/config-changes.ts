import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, watch, type FSWatcher } from 'node:fs'
import { basename, dirname } from 'node:path'

/** An editor writes a file in several steps; this long after the last one it is done. Milliseconds. */
const SETTLE_MS = 200

export interface ConfigChanges {
  /** The configuration file, absolute. */
  readonly file: string
  /** Files that the configuration names besides; asked each time, for they may change with it. */
  readonly besides: () => readonly string[]
  /** The content of the file is another one, or somebody asked for a reading. */
  readonly changed: () => void
  /** The folder cannot be watched; a signal still works. */
  readonly unwatchable: (code: string) => void
  /** The terminal that the process was started from is gone. */
  readonly abandoned: () => void
}

/** Calls back when the file gets another content, and on SIGHUP; returns how to stop. */
export function onConfigChanges(to: ConfigChanges): () => void {
  const stopWatching = watchFile(to)
  const hangup = (): void => (hasLostTerminal() ? to.abandoned() : to.changed())
  process.on('SIGHUP', hangup)
  return () => {
    process.off('SIGHUP', hangup)
    stopWatching()
  }
}

function watchFile({ file, besides, changed, unwatchable }: ConfigChanges): () => void {
  const digest = (): string | null => digestOf([file, ...besides()])
  let seen = digest()
  let timer: NodeJS.Timeout | null = null
  const look = (): void => {
    timer = null
    const now = digest()
    // a file that is away is about to come back, or to be missed at the next start
    if (now === null || now === seen) return
    seen = now
    changed()
  }
  const name = basename(file)
  const others = new Set(besides().map((one) => dirname(one)))
  const watchers: FSWatcher[] = []
  const watchFolder = (folder: string): FSWatcher =>
    watch(folder, { persistent: false }, (_event, changedName) => {
      // `..data` is what Kubernetes exchanges when a mounted file changes
      const isOurs = changedName === null || changedName === name || changedName.startsWith('..')
      if (!isOurs && !others.has(folder)) return
      if (timer) clearTimeout(timer)
      timer = setTimeout(look, SETTLE_MS)
      timer.unref()
    })
  try {
    for (const folder of new Set([dirname(file), ...others])) watchers.push(watchFolder(folder))
  } catch (error) {
    unwatchable(error instanceof Error && 'code' in error ? String(error.code) : '?')
    return () => {}
  }
  for (const watcher of watchers) watcher.on('error', () => watcher.close())
  return () => {
    if (timer) clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}

function digestOf(files: readonly string[]): string | null {
  const hash = createHash('sha256')
  try {
    for (const file of files) hash.update(createHash('sha256').update(readFileSync(file)).digest())
    return hash.digest('hex')
  } catch {
    return null
  }
}

/** A terminal that closes sends the same signal as an operator; only one of them leaves no terminal behind. */
function hasLostTerminal(): boolean {
  if (!process.stdin.isTTY && !process.stdout.isTTY) return false
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return false
  } catch {
    return true
  }
}
