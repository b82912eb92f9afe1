// The engine process: started by the supervisor, ends with it. Speaks OpenAI HTTP on a Unix socket.
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { chmod, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { findModel, listModels } from '#models/store/find-model.ts'
import { linkShards, weightsPath } from '#models/store/link-shards.ts'
import type { Manifest } from '#models/store/manifest.ts'
import { taskOfArchitecture } from '#models/store/model-task.ts'
import { servedWeights } from '#models/store/served-weights.ts'
import { reverifyBlob, stampAt, verifyBlob, type BlobState } from '#models/store/verify-blob.ts'
import { EmbeddingCore } from './embedding-core.ts'
import { loadEmbedder } from './embedder.ts'
import { EngineCore, type EnginePorts, type StoredModel } from './engine-core.ts'
import { engineServer } from './engine-server.ts'
import { EngineSettings, threadsFor } from './engine-settings.ts'
import { openLlama } from './llama-runtime.ts'
import { loadModel } from './loaded-model.ts'
import type { Hosted } from './model-host.ts'

const settings = EngineSettings.parse(JSON.parse(process.argv[2] ?? '{}'))
const threads = threadsFor(settings, availableParallelism())
const now = (): number => performance.now()
const llama = await openLlama(threads).catch(() => {
  process.send?.({ kind: 'no-library' })
  process.disconnect?.()
  return process.exit(1)
})

const stored = (manifest: Manifest): StoredModel => ({
  name: manifest.name,
  digest: manifest.digest,
  files: servedWeights(manifest),
  created: Math.floor(Date.parse(manifest.pulledAt) / 1000),
  path: weightsPath(settings.modelsDir, manifest, servedWeights(manifest)),
  task: taskOfArchitecture(manifest.architecture),
})

/** The files are still those that were pulled; or why they cannot be used. */
async function checked({ digest, files }: StoredModel): Promise<Result<void, Refusal>> {
  const check = settings.recheck === 'whole' ? reverifyBlob : verifyBlob
  let state: BlobState | 'unreadable' = 'missing'
  for (const file of files) {
    // written to meanwhile, or not ours to read
    state = await check(settings.modelsDir, file.digest).catch(() => 'unreadable' as const)
    if (state !== 'verified') break
  }
  if (state === 'verified') {
    await linkShards(settings.modelsDir, { digest }, files)
    return ok(undefined)
  }
  return notReady(UNUSABLE[state])
}

const UNUSABLE: Readonly<Record<Exclude<BlobState, 'verified'> | 'unreadable', string>> = {
  changed: 'its file is not the one pulled',
  missing: 'its file is gone',
  unreadable: 'its file cannot be read, or is being written to',
}

const notReady = (progress: string): Result<never, Refusal> =>
  err({ code: 'model-not-ready', detail: { progress }, retryAfterSeconds: 30 })

/** Loads what was read and found right: files that were others, or elsewhere, at any time between are let go again. */
async function loadExactly<M extends Hosted>(
  model: StoredModel,
  load: () => Promise<Result<M, Refusal>>,
): Promise<Result<M, Refusal>> {
  const stamps = async (): Promise<string> => {
    const all = model.files.map(({ digest }) => stampAt(settings.modelsDir, digest))
    return (await Promise.all(all)).join('')
  }
  const before = await stamps()
  const intact = await checked(model)
  if (!intact.ok) return intact
  const loaded = await load()
  if (!loaded.ok || (await stamps()) === before) return loaded
  await loaded.value.dispose()
  return notReady('its file was changed while it was loaded')
}

const models: EnginePorts = {
  list: async () => (await listModels(settings.modelsDir)).map(stored),
  find: async (name) => {
    const manifest = await findModel(settings.modelsDir, name)
    if (manifest === null) return err({ code: 'unknown-model', param: 'model' })
    return ok(stored(manifest))
  },
  load: (model) => {
    const { contextTokens, parallel } = settings
    const { name, path } = model
    const options = { name, path, contextTokens, parallel, threads, now }
    return loadExactly(model, () => loadModel(llama, options))
  },
  loadEmbedder: (model) => {
    const { contextTokens } = settings
    const { name, path } = model
    return loadExactly(model, () =>
      loadEmbedder(llama, { name, path, contextTokens, threads, now }),
    )
  },
  nonce: () => randomBytes(16).toString('hex'),
  freshSeed: () => randomInt(2 ** 32),
  now,
}

const server = engineServer({
  core: new EngineCore(models, settings),
  embeddings: new EmbeddingCore(models, settings),
  models,
  newId: randomUUID,
  clock: Date.now,
  process: () => ({
    pid: process.pid,
    residentBytes: process.memoryUsage.rss(),
    uptimeSeconds: Math.round(process.uptime()),
    threads,
  }),
})

// A socket file outlives a killed process; nobody can be listening, the supervisor starts one engine at a time.
await rm(settings.socketPath, { force: true })
process.umask(0o177)
server.listen(settings.socketPath, () => {
  void chmod(settings.socketPath, 0o600).then(() => process.send?.({ kind: 'ready' }))
})

let draining = false
const drain = (): void => {
  draining = true
  server.close(() => process.exit(0))
  server.closeIdleConnections()
}
server.on('request', (_, response) => {
  // A connection kept alive after its last answer would hold up the end for seconds.
  response.on('close', () => {
    if (draining) setImmediate(() => server.closeIdleConnections())
  })
})
process.on('SIGTERM', drain)
// Ctrl-C reaches the whole group; the supervisor decides when the engine stops.
process.on('SIGINT', () => undefined)
process.on('message', drain)
// The supervisor is gone, however it ended.
process.on('disconnect', () => process.exit(0))
