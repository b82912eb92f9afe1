import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { curveKey, type CurveKey } from './key.ts'

export interface KeyPair {
  readonly privateKey: CurveKey
  readonly publicKey: CurveKey
}

/** A fresh key of a curve. */
export function newKeyPair(namedCurve = 'P-256'): KeyPair {
  const pair = generateKeyPairSync('ec', { namedCurve })
  return { privateKey: known(pair.privateKey), publicKey: known(pair.publicKey) }
}

function known(key: KeyObject): CurveKey {
  const found = curveKey(key)
  if (found === null) throw new Error('not one of the three curves')
  return found
}

/** A folder with these files, removed after the test. */
export async function newModel(
  context: Pick<TestContext, 'after'>,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'ecluse-sign-'))
  context.after(() => rm(home, { recursive: true, force: true }))
  const model = join(home, 'model')
  await writeFiles(model, files)
  return model
}

export async function writeFiles(
  model: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  await mkdir(model, { recursive: true })
  for (const [name, content] of Object.entries(files)) {
    const path = join(model, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }
}

/** What a folder of weights looks like. */
export const SMALL_MODEL = {
  'config.json': '{"hidden_size": 8}',
  'model-00001-of-00002.safetensors': 'first shard',
  'model-00002-of-00002.safetensors': 'second shard',
  'tokenizer/vocab.txt': 'a\nb\n',
  'tokenizer.json': '{}',
  '.cache/kept': 'hidden files count',
  'poids-été-模型.bin': 'names are UTF-8',
  empty: '',
} as const

// oxlint-disable-next-line typescript/no-explicit-any -- tests put anything anywhere
type Anything = any
/** A bundle as JSON, to be spoiled. */
export type LooseBundle = Record<string, Anything>
