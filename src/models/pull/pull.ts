import { err, ok, type Result } from '#kernel/result.ts'
import { shardsPlan } from '../getting/local-plan.ts'
import { bringPlan } from '../getting/pull-set.ts'
import { installBlob, writeManifest, type ModelEntry } from '../store/install-blob.ts'
import type { Manifest } from '../store/manifest.ts'
import { fetchOrigin } from './fetch-origin.ts'
import { failureOf, type PullFailure } from './pull-failure.ts'
import { originOf, type Origin } from './pull-origin.ts'
import type { PullPorts } from './pull-ports.ts'
import type { PullContext, PullProgress, PullRequest } from './pull-request.ts'
import { readShardName } from '../store/shard-name.ts'
import type { StarterModel } from '../starter/starter-models.ts'
import { whileClaimed } from './while-claimed.ts'
import { verifyBlob } from '../store/verify-blob.ts'

/** Brings a model into the store: each source in order, until one gives the file with the pinned digest. */
export async function pullModel(
  request: PullRequest,
  starters: readonly StarterModel[],
  ports: PullPorts,
  onProgress: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<Result<Manifest, PullFailure>> {
  const { dir } = request
  const { pythonIndex = null } = request
  const context: PullContext = { dir, ports, onProgress, signal, pythonIndex }
  try {
    signal.throwIfAborted()
    const origins = originOf(request, starters)
    if (!origins.ok) return origins
    const [first] = origins.value.origins
    if (first?.kind === 'file' && readShardName(first.path) !== null) {
      onProgress({ phase: 'trying', source: first.shown })
      const { name } = origins.value.entry
      return ok(await bringPlan(name, await shardsPlan(first.path), first.digest, context))
    }
    return await whileClaimed(context, (claiming) =>
      trySources(origins.value.origins, origins.value.entry, claiming),
    )
  } catch (error) {
    return err(failureOf(error, signal))
  }
}

async function trySources(
  origins: readonly Origin[],
  entry: Omit<ModelEntry, 'source'>,
  context: PullContext,
): Promise<Result<Manifest, PullFailure>> {
  const tried: { source: string; failure: PullFailure }[] = []
  for (const origin of origins) {
    const { shown } = origin
    try {
      const digest = await bring(origin, context)
      const source = { kind: origin.kind, reference: shown }
      return ok(await writeManifest(context.dir, digest, { ...entry, source }, context.ports))
    } catch (error) {
      const failure = failureOf(error, context.signal)
      // No other source helps against these.
      const final = ['disk-full', 'store-unwritable', 'interrupted'].includes(failure.code)
      if (final || tried.length === origins.length - 1) {
        return err(tried.length === 0 ? failure : { ...failure, tried })
      }
      tried.push({ source: shown, failure })
      context.onProgress({ phase: 'failed', source: shown, failure })
    }
  }
  return err({ code: 'unknown-model' })
}

async function bring(origin: Origin, context: PullContext): Promise<string> {
  const { dir, onProgress, ports, signal } = context
  onProgress({ phase: 'trying', source: origin.shown })
  if (origin.digest !== null) await context.claim?.add(origin.digest)
  if (origin.digest !== null && (await verifyBlob(dir, origin.digest)) === 'verified') {
    return origin.digest
  }
  const fetched = await fetchOrigin(origin, context)
  try {
    onProgress({ phase: 'verifying', source: origin.shown })
    return await installBlob(dir, fetched.path, origin.digest, ports, signal)
  } finally {
    await fetched.release()
  }
}
