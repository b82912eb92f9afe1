import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Keeps a bill by the time it was made (ISO 8601), for a later comparison; gives the path. */
export async function keepBom(folder: string, at: string, text: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // a colon is no part of a file name everywhere
  const path = join(folder, `${at.replaceAll(':', '-')}.json`)
  await writeFile(`${path}.tmp`, text, { mode: 0o600 })
  await rename(`${path}.tmp`, path)
  return path
}

/** The newest bill that was made on a day (`2026-06-30`) or before it; null when none was kept by then. */
export async function bomOfDay(folder: string, day: string): Promise<string | null> {
  const names = await readdir(folder).catch(() => [])
  const name = names
    .filter((one) => /^\d{4}-\d\d-\d\dT[\d.Z-]+\.json$/.test(one) && one.slice(0, 10) <= day)
    .toSorted()
    .at(-1)
  return name === undefined ? null : join(folder, name)
}
