import type { Memory } from './language.ts'

/** localStorage; null where the browser forbids it, and then nothing is remembered. */
export function localMemory(): Memory | null {
  try {
    return globalThis.localStorage
  } catch {
    return null
  }
}
