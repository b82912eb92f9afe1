import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A model of two files, to be signed. */
export async function newModelFolder(folder: string): Promise<string> {
  const model = join(folder, 'model')
  await mkdir(join(model, 'sub'), { recursive: true })
  await writeFile(join(model, 'weights.bin'), 'weights')
  await writeFile(join(model, 'sub/config.json'), '{}')
  return model
}
