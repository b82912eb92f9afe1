import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Folder of the program's own files: the one above `src` or `dist`. */
export const programRoot = (): string => dirname(dirname(import.meta.dirname))

/** Version of the program, from its package file. */
export function programVersion(): string {
  const read: unknown = JSON.parse(readFileSync(join(programRoot(), 'package.json'), 'utf8'))
  const isPackage = typeof read === 'object' && read !== null && 'version' in read
  return isPackage && typeof read.version === 'string' ? read.version : '0.0.0'
}
