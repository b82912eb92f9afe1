import { writeFile } from 'node:fs/promises'
import { printable } from '#kernel/printable.ts'
import type { Terminal } from '../terminal.ts'

/** Writes what an option asked for into a file; false, and a note, where the system refuses. */
export async function writeOut(path: string, text: string, terminal: Terminal): Promise<boolean> {
  try {
    await writeFile(path, text)
    return true
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : '?'
    terminal.note(`${printable(path)}: ${why}`)
    return false
  }
}
