import { readdirSync, readFileSync } from 'node:fs'

/** CPU time and resident memory of a process and all that it started. */
export interface Usage {
  /** User and system time, microseconds; the kernel counts it in ticks of 10,000. */
  readonly cpuMicros: number
  readonly residentBytes: number
}

/** USER_HZ of Linux: ticks per second in /proc/PID/stat (proc(5)). */
const TICKS_PER_SECOND = 100
const PAGE_BYTES = 4096

interface Stat {
  readonly parent: number
  readonly ticks: number
  readonly pages: number
}

function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // the name may hold spaces and brackets: the fields begin after its last bracket
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const at = (index: number): number => Number(fields[index])
    // utime, stime, and those of children that were waited for
    return { parent: at(1), ticks: at(11) + at(12) + at(13) + at(14), pages: at(21) }
  } catch {
    return null
  }
}

/** What the tree under `root` has used until now. */
export function usageOf(root: number): Usage {
  const stats = new Map<number, Stat>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    const stat = Number.isInteger(pid) ? statOf(pid) : null
    if (stat) stats.set(pid, stat)
  }
  let ticks = 0
  let pages = 0
  for (const [pid, stat] of stats) {
    if (!isUnder(pid, root, stats)) continue
    ticks += stat.ticks
    pages += stat.pages
  }
  return { cpuMicros: (ticks * 1_000_000) / TICKS_PER_SECOND, residentBytes: pages * PAGE_BYTES }
}

function isUnder(pid: number, root: number, stats: ReadonlyMap<number, Stat>): boolean {
  for (let at = pid; at > 1; at = stats.get(at)?.parent ?? 0) if (at === root) return true
  return false
}
