import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { err, ok, type Result } from '#kernel/result.ts'
import { digestOfFiles } from '../store/files-digest.ts'
import { findModel } from '../store/find-model.ts'
import type { Manifest, ManifestFile } from '../store/manifest.ts'
import { failureOf, PullError, type PullFailure } from '../pull/pull-failure.ts'
import type { PullPorts } from '../pull/pull-ports.ts'
import { readPackageReference } from '../packages/package-reference.ts'
import { whileClaimed } from '../pull/while-claimed.ts'
import type { PullContext, PullProgress } from '../pull/pull-request.ts'
import { ggufToLoad } from '../store/served-weights.ts'
import { readShardName } from '../store/shard-name.ts'
import { isModelName, storePaths, type Sha256 } from '../store/store-layout.ts'
import { dropUnused, refuseMissing } from '../store/install-blob.ts'
import { ggufFactsOf, refuseMissingShards } from './check-shards.ts'
import { fetchPlan } from './fetch-plan.ts'
import type { Revealed } from './hub-access.ts'
import { hubPlan, readHubReference } from './hub-plan.ts'
import { folderPlan, ollamaStorePlan } from './local-plan.ts'
import { packagePlan } from './package-plan.ts'
import type { PullPlan } from './plan.ts'
import { statedLicence } from './stated-licence.ts'
import { registryPlan } from './registry-plan.ts'
import { readOllamaReference, readRegistryReference } from './registry-reference.ts'

/** Where a whole model is: `hf:OWNER/NAME[@REVISION][:FILE]`, `ollama:NAME[:TAG]`, `ollama-store:NAME[:TAG]`, `oci:HOST/NAME:TAG`, `pypi:NAME[==VERSION]`, or a folder. */
export interface SetRequest {
  /** `$ECLUSE_HOME/models`. */
  readonly dir: string
  readonly reference: string
  /** Default: from the reference. */
  readonly name?: string | undefined
  readonly hub: string
  /** For private and gated repositories there. */
  readonly hubToken?: Revealed | null
  readonly ollamaRegistry: string
  /** Files with logins of registries, as Docker and Podman write them. */
  readonly registryLogins?: readonly string[]
  readonly pythonIndex?: string | null
  /** The store of the Ollama of this machine. */
  readonly ollamaStore: string
}

const KINDS = ['hf', 'ollama', 'ollama-store', 'oci', 'pypi', 'folder'] as const
type Kind = (typeof KINDS)[number]

/** The kind of a reference that names a whole model; null when it names something else. */
export function kindOfReference(text: string): Kind | null {
  const [kind = ''] = text.split(':', 1)
  return KINDS.find((known) => known === kind && text.length > known.length + 1) ?? null
}

/** Brings all files of a model into the store, and names them. Everything arrives in quarantine. */
export async function pullSet(
  request: SetRequest,
  ports: PullPorts,
  onProgress: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<Result<Manifest, PullFailure>> {
  const context: PullContext = { dir: request.dir, ports, onProgress, signal }
  try {
    signal.throwIfAborted()
    const name = request.name ?? nameOf(request.reference)
    if (!isModelName(name)) return err({ code: 'invalid-name' })
    onProgress({ phase: 'trying', source: request.reference })
    return ok(
      await whileClaimed(context, async (claiming) =>
        bringPlan(name, await planOf(request, claiming), null, claiming),
      ),
    )
  } catch (error) {
    return err(failureOf(error, signal))
  }
}

/** Brings what was planned into the store, and names it; with a digest only if it is of exactly these files. */
export async function bringPlan(
  name: string,
  plan: PullPlan,
  expected: Sha256 | null,
  context: PullContext,
): Promise<Manifest> {
  refuseMissingShards(plan.files)
  return whileClaimed(context, async (claiming) => {
    const files = await fetchPlan(plan, claiming).finally(plan.release)
    refuseMissingShards(files)
    const actual = digestOfFiles(files)
    if (expected !== null && expected !== actual)
      throw new PullError({ code: 'digest-mismatch', detail: { expected, actual, kept: '-' } })
    return nameFiles(name, files, plan, claiming)
  })
}

function planOf(request: SetRequest, context: PullContext): Promise<PullPlan> {
  const kind = kindOfReference(request.reference)
  const rest = request.reference.slice((kind ?? '').length + 1)
  const { hub, hubToken: token = null, ollamaRegistry, ollamaStore } = request
  const logins = request.registryLogins ?? []
  if (kind === 'hf') {
    const reference = readHubReference(rest)
    if (reference) return hubPlan(reference, { hub, token }, context)
  }
  if (kind === 'oci') {
    const reference = readRegistryReference(rest)
    if (reference) return registryPlan(reference, { kind: 'oci', logins }, context)
  }
  if (kind === 'ollama' || kind === 'ollama-store') {
    const reference = readOllamaReference(rest, ollamaRegistry)
    if (reference && kind === 'ollama')
      return registryPlan(reference, { kind: 'ollama-registry', logins }, context)
    if (reference) return ollamaStorePlan(reference, ollamaStore)
  }
  if (kind === 'pypi') {
    const reference = readPackageReference(rest)
    if (reference) return packagePlan(reference, request.pythonIndex ?? null, context)
  }
  if (kind === 'folder') return folderPlan(rest)
  throw new PullError({ code: 'invalid-reference' })
}

/** Writes the manifest of files that are in the store, whole or not at all. */
export async function nameFiles(
  name: string,
  files: readonly ManifestFile[],
  plan: Omit<PullPlan, 'files'>,
  { dir, ports }: Pick<PullContext, 'dir' | 'ports'>,
): Promise<Manifest> {
  const paths = storePaths(dir)
  const weights = ggufToLoad(files)
  const facts = await ggufFactsOf(paths.blob, weights)
  // the engine loads one GGUF; what lies beside it is kept with it where there is more than that
  const isGguf = files.length === 1 && facts !== null
  const isSafetensors = files.some(({ path }) => /\.safetensors$/i.test(path))
  const manifest: Manifest = {
    ...(facts ?? NO_FACTS),
    name,
    aliases: [],
    digest: digestOfFiles(files),
    bytes: Math.max(
      1,
      files.reduce((sum, { bytes }) => sum + bytes, 0),
    ),
    format: facts !== null ? 'gguf' : isSafetensors ? 'safetensors' : 'other',
    files: isGguf ? [] : [...files],
    // a server that runs this one file names it by its own digest
    aliasDigests: [
      ...plan.aliasDigests,
      ...(!isGguf && weights.length === 1 ? weights.map(({ digest }) => digest) : []),
    ],
    attested: plan.attested,
    source: plan.source,
    pulledAt: new Date(ports.now()).toISOString(),
    licence: plan.licence ?? (await statedLicence(paths.blob, files)) ?? facts?.licence ?? null,
    openness: null,
  }
  await refuseMissing(dir, files)
  const before = await findModel(dir, name)
  const temporary = join(paths.manifests, `.${ports.newId()}`)
  await writeFile(temporary, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true })
  await rename(temporary, paths.manifest(name))
  await refuseMissing(dir, files)
  if (before !== null && before.name === name) await dropUnused(dir, before)
  return manifest
}

const NO_FACTS = {
  architecture: null,
  parameters: null,
  quantisation: null,
  contextTokens: null,
  licence: null,
} as const

/** `hf:Owner/Some Model@main` becomes `some-model`. */
function nameOf(reference: string): string {
  const kind = kindOfReference(reference)
  const rest = reference.slice((kind ?? '').length + 1)
  const file = kind === 'hf' ? /:(.+)$/.exec(rest)?.[1] : undefined
  const whole = readShardName(file ?? '')?.stem ?? file
  const plain =
    (whole ?? rest.replace(/@.*$|==.*$/, '')).replace(/\/+$/, '').split('/').at(-1) ?? ''
  return plain
    .toLowerCase()
    .replace(/\.gguf$/, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 100)
}
