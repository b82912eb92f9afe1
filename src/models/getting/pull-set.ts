import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { err, ok, type Result } from '#kernel/result.ts'
import { digestOfFiles } from '../admission/countersign.ts'
import { ggufFacts, type GgufFacts } from '../gguf-facts.ts'
import { readGgufHeader } from '../gguf-header.ts'
import { findModel } from '../find-model.ts'
import type { Manifest, ManifestFile } from '../manifest.ts'
import { failureOf, PullError, type PullFailure } from '../pull-failure.ts'
import type { PullPorts } from '../pull-ports.ts'
import type { PullContext, PullProgress } from '../pull-request.ts'
import { isModelName, storePaths } from '../store-layout.ts'
import { dropUnused } from '../install-blob.ts'
import { fetchPlan } from './fetch-plan.ts'
import type { Revealed } from './hub-access.ts'
import { hubPlan, readHubReference } from './hub-plan.ts'
import { folderPlan, ollamaStorePlan } from './local-plan.ts'
import type { PullPlan } from './plan.ts'
import { readOllamaReference, readRegistryReference, registryPlan } from './registry-plan.ts'

/** Where a whole model is: `hf:OWNER/NAME[@REVISION][:FILE]`, `ollama:NAME[:TAG]`, `ollama-store:NAME[:TAG]`, `oci:HOST/NAME:TAG`, or a folder. */
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
  /** The store of the Ollama of this machine. */
  readonly ollamaStore: string
}

const KINDS = ['hf', 'ollama', 'ollama-store', 'oci', 'folder'] as const
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
    const paths = storePaths(request.dir)
    for (const path of [paths.blobs, paths.manifests, paths.partial])
      await mkdir(path, { recursive: true, mode: 0o700 })
    onProgress({ phase: 'trying', source: request.reference })
    const plan = await planOf(request, context)
    const files = await fetchPlan(plan, context)
    return ok(await nameFiles(name, files, plan, context))
  } catch (error) {
    return err(failureOf(error, signal))
  }
}

function planOf(request: SetRequest, context: PullContext): Promise<PullPlan> {
  const kind = kindOfReference(request.reference)
  const rest = request.reference.slice((kind ?? '').length + 1)
  const { hub, hubToken: token = null, ollamaRegistry, ollamaStore } = request
  if (kind === 'hf') {
    const reference = readHubReference(rest)
    if (reference) return hubPlan(reference, { hub, token }, context)
  }
  if (kind === 'oci') {
    const reference = readRegistryReference(rest)
    if (reference) return registryPlan(reference, 'oci', context)
  }
  if (kind === 'ollama' || kind === 'ollama-store') {
    const reference = readOllamaReference(rest, ollamaRegistry)
    if (reference && kind === 'ollama') return registryPlan(reference, 'ollama-registry', context)
    if (reference) return ollamaStorePlan(reference, ollamaStore)
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
  const weights = files.filter(({ path }) => /\.gguf$/i.test(path))
  const [gguf] = weights
  const facts = gguf === undefined ? null : await factsOf(paths.blob(gguf.digest))
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
    format:
      facts !== null && weights.length === 1 ? 'gguf' : isSafetensors ? 'safetensors' : 'other',
    files: isGguf ? [] : [...files],
    // a server that runs this one file names it by its own digest
    aliasDigests: [
      ...plan.aliasDigests,
      ...(!isGguf && weights.length === 1 && gguf !== undefined ? [gguf.digest] : []),
    ],
    attested: plan.attested,
    source: plan.source,
    pulledAt: new Date(ports.now()).toISOString(),
    licence: plan.licence ?? facts?.licence ?? null,
    openness: null,
  }
  const before = await findModel(dir, name)
  const temporary = join(paths.manifests, `.${ports.newId()}`)
  await writeFile(temporary, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
  await rename(temporary, paths.manifest(name))
  if (before !== null && before.name === name) await dropUnused(dir, before)
  return manifest
}

const factsOf = async (path: string): Promise<GgufFacts | null> => {
  const header = await readGgufHeader(path).catch(() => null)
  return header === null ? null : ggufFacts(header)
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
  const plain = (file ?? rest.replace(/@.*$/, '')).replace(/\/+$/, '').split('/').at(-1) ?? ''
  return plain
    .toLowerCase()
    .replace(/\.gguf$/, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 100)
}
