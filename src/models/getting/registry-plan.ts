import { createHash } from 'node:crypto'
import { z } from 'zod'
import { shownUrl } from '../pull/http-download.ts'
import { PullError } from '../pull/pull-failure.ts'
import type { PullContext } from '../pull/pull-request.ts'
import { getSmall, jsonOf } from './get-json.ts'
import type { PlannedFile, PullPlan } from './plan.ts'
import { RegistryAccess } from './registry-access.ts'
import { chosenFrom, RegistryIndex } from './registry-index.ts'
import { findLogin } from './registry-logins.ts'
import { filesOfManifest, MANIFEST_TYPES, RegistryManifest } from './registry-manifest.ts'
import type { RegistryReference } from './registry-reference.ts'

const IndexOrManifest = z.union([
  RegistryIndex.transform((index) => ({ kind: 'index' as const, index })),
  RegistryManifest.transform((manifest) => ({ kind: 'manifest' as const, manifest })),
])

/** The files of an artefact; its manifest is fixed by its digest, its layers by theirs. */
export async function registryPlan(
  place: RegistryReference,
  {
    kind,
    logins,
  }: { readonly kind: 'oci' | 'ollama-registry'; readonly logins: readonly string[] },
  context: PullContext,
): Promise<PullPlan> {
  const { registry, host, name, reference } = place
  const login = await findLogin(logins, host, name)
  const access = new RegistryAccess(place, login, context.ports)
  const base = `${registry.replace(/\/+$/, '')}/v2/${name}`
  const first = await manifestAt(new URL(`${base}/manifests/${reference}`), access, context)
  const source = `${host}/${name}`
  let { read, digest } = first
  if (read.kind === 'index') {
    const chosen = chosenFrom(read.index, source)
    const url = new URL(`${base}/manifests/${chosen}`)
    ;({ read, digest } = await manifestAt(url, access, context))
    // a list of lists is none that anybody publishes
    if (read.kind === 'index')
      throw new PullError({ code: 'source-malformed', detail: { source: shownUrl(url) } })
  }
  const files = filesOfManifest(read.manifest, source).map(
    ({ path, layer, packing }): PlannedFile => ({
      path,
      bytes: layer.size,
      expected: { kind: 'sha256', hex: layer.digest.slice('sha256:'.length) },
      from: { kind: 'url', url: new URL(`${base}/blobs/${layer.digest}`), access },
      packing,
    }),
  )
  return {
    files,
    source: { kind, reference: `${source}@sha256:${digest}` },
    attested: true,
    aliasDigests: [digest],
    licence: null,
  }
}

/** What stands at the address of a manifest, and its digest: the one that was asked for, where one was. */
async function manifestAt(
  url: URL,
  access: RegistryAccess,
  { ports, signal }: PullContext,
): Promise<{ readonly read: z.infer<typeof IndexOrManifest>; readonly digest: string }> {
  const accept = { accept: MANIFEST_TYPES.join(', ') }
  const ask = () => getSmall(url, { ...accept, ...access.headers() }, ports, signal)
  let got = await ask()
  if (got.status === 401 && (await access.renew(got, signal))) got = await ask()
  const failure = access.judge(got)
  if (failure !== null) throw new PullError(failure)
  const read = jsonOf(got, IndexOrManifest)
  const digest = createHash('sha256').update(got.bytes).digest('hex')
  const asked = /sha256:[0-9a-f]{64}$/.exec(url.pathname)?.[0]
  const stated = got.headers['docker-content-digest']
  const isOther =
    (asked !== undefined && asked !== `sha256:${digest}`) ||
    (typeof stated === 'string' && stated !== `sha256:${digest}`)
  if (isOther) throw new PullError({ code: 'source-malformed', detail: { source: shownUrl(url) } })
  return { read, digest }
}
