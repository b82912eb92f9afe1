import type { Scan } from '../scan.ts'

/** Whether a path, taken inside a folder, leads out of it on any system. */
export function leadsOut(path: string): boolean {
  const parts = path.replaceAll('\\', '/').split('/')
  return (
    path.startsWith('/') ||
    path.startsWith('\\') ||
    /^[A-Za-z]:/.test(path) ||
    path.includes('\0') ||
    parts.includes('..')
  )
}

/** Reports a name that would be written outside. */
export function judgeMemberName(name: string, scan: Scan): void {
  if (leadsOut(name)) scan.report('archive-escape', {}, name)
}
