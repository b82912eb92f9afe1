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
import { reverifyBlob, verifyBlob, type BlobState } from '#models/store/verify-blob.ts'
import { EmbeddingCore } from './embedding-core.ts'
import { loadEmbedder } from './embedder.ts'
import { EngineCore, type EnginePorts, type StoredModel } from './engine-core.ts'
import { engineServer } from './engine-server.ts'
import { EngineSettings, threadsFor } from './engine-settings.ts'
import { openLlama } from './llama-runtime.ts'
import { loadModel } from './loaded-model.ts'

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
  created: Math.floor(Date.parse(manifest.pulledAt) / 1000),
  path: weightsPath(settings.modelsDir, manifest, servedWeights(manifest)),
  task: taskOfArchitecture(manifest.architecture),
})

/** The file is still the one that was pulled; or why it cannot be used. */
async function checked(name: string): Promise<Result<void, Refusal>> {
  const manifest = await findModel(settings.modelsDir, name)
  const check = settings.recheck === 'whole' ? reverifyBlob : verifyBlob
  const weights = manifest === null ? [] : servedWeights(manifest)
  let state: BlobState = 'missing'
  for (const { digest } of weights) {
    state = await check(settings.modelsDir, digest)
    if (state !== 'verified') break
  }
  if (manifest !== null && state === 'verified') {
    await linkShards(settings.modelsDir, manifest, weights)
    return ok(undefined)
  }
  const progress = state === 'changed' ? 'its file is not the one pulled' : 'its file is gone'
  return err({ code: 'model-not-ready', detail: { progress }, retryAfterSeconds: 30 })
}

const models: EnginePorts = {
  list: async () => (await listModels(settings.modelsDir)).map(stored),
  find: async (name) => {
    const manifest = await findModel(settings.modelsDir, name)
    if (manifest === null) return err({ code: 'unknown-model', param: 'model' })
    return ok(stored(manifest))
  },
  load: async ({ name, path }) => {
    const intact = await checked(name)
    if (!intact.ok) return intact
    const { contextTokens, parallel } = settings
    return loadModel(llama, { name, path, contextTokens, parallel, threads, now })
  },
  loadEmbedder: async ({ name, path }) => {
    const intact = await checked(name)
    if (!intact.ok) return intact
    const { contextTokens } = settings
    return loadEmbedder(llama, { name, path, contextTokens, threads, now })
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
