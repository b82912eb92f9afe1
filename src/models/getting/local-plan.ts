import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { createHash } from 'node:crypto'
import { PullError } from '../pull/pull-failure.ts'
import { shardSets } from '../store/shard-name.ts'
import { walkModel } from '../signing/walk-model.ts'
import { MOST_FILES, type PullPlan } from './plan.ts'
import { filesOfManifest, RegistryManifest } from './registry-manifest.ts'
import type { RegistryReference } from './registry-reference.ts'
import { isSafeName } from './safe-name.ts'

/** Largest manifest that is read, bytes. */
const MOST_MANIFEST_BYTES = 4 * 1024 * 1024

/** Every file of a folder; links are followed only within it. */
export async function folderPlan(folder: string): Promise<PullPlan> {
  const walked = await walkModel(folder, { ignored: new Set(), allowSymlinks: false })
  if (!walked.ok)
    throw new PullError({ code: 'folder-unusable', detail: { reason: walked.error.code } })
  const { files } = walked.value
  if (files.length === 0 || files.length > MOST_FILES)
    throw new PullError({ code: 'folder-unusable', detail: { reason: `${files.length} files` } })
  const unsafe = files.find(({ name }) => !isSafeName(name))
  if (unsafe) throw new PullError({ code: 'folder-unusable', detail: { reason: 'unsafe-name' } })
  return {
    files: files.map(({ name, path, bytes }) => ({
      path: name,
      bytes,
      expected: { kind: 'none' },
      from: { kind: 'path', path },
    })),
    source: { kind: 'file', reference: basename(resolve(folder)) },
    attested: false,
    aliasDigests: [],
    licence: null,
  }
}

/** The shards that lie beside one of them, and nothing else of their folder. */
export async function shardsPlan(path: string): Promise<PullPlan> {
  const folder = dirname(resolve(path))
  const names = await readdir(folder).catch(() => [])
  const sets = shardSets(names.map((name) => ({ path: name })))
  const own = sets.find(({ files }) => files.some((one) => one.path === basename(path)))
  if (own === undefined) throw new PullError({ code: 'file-not-found' })
  const files = own.files.map(async ({ path: name }) => {
    const at = join(folder, name)
    const found = await stat(at).catch(() => null)
    if (found?.isFile() !== true) throw new PullError({ code: 'file-not-found' })
    const from = { kind: 'path' as const, path: at }
    return { path: name, bytes: found.size, expected: { kind: 'none' as const }, from }
  })
  return {
    files: await Promise.all(files),
    source: { kind: 'file', reference: basename(path) },
    attested: false,
    aliasDigests: [],
    licence: null,
  }
}

/** A model of the Ollama of this machine, from its own store: blobs named by their digest, and a manifest. */
export async function ollamaStorePlan(
  { registry, name, reference }: RegistryReference,
  store: string,
): Promise<PullPlan> {
  const { host } = new URL(registry)
  const path = join(store, 'manifests', host, ...name.split('/'), reference)
  const found = await stat(path).catch(() => null)
  if (found?.isFile() !== true || found.size > MOST_MANIFEST_BYTES)
    throw new PullError({ code: 'file-not-found' })
  const bytes = await readFile(path)
  let parsed: unknown
  try {
    parsed = JSON.parse(bytes.toString('utf8'))
  } catch {
    parsed = null
  }
  const manifest = RegistryManifest.safeParse(parsed)
  const source = `${name}:${reference}`
  if (!manifest.success) throw new PullError({ code: 'source-malformed', detail: { source } })
  const digest = createHash('sha256').update(bytes).digest('hex')
  return {
    files: filesOfManifest(manifest.data, source).map(({ path: to, layer }) => ({
      path: to,
      bytes: layer.size,
      expected: { kind: 'sha256', hex: layer.digest.slice('sha256:'.length) },
      from: { kind: 'path', path: join(store, 'blobs', layer.digest.replace(':', '-')) },
    })),
    source: { kind: 'ollama-store', reference: `${source}@sha256:${digest}` },
    // the files are those of their manifest; whose manifest that is, only the registry could say
    attested: false,
    aliasDigests: [digest],
    licence: null,
  }
}
