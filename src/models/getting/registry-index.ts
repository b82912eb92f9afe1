import { arch, platform } from 'node:os'
import { z } from 'zod'
import { PullError } from '../pull/pull-failure.ts'
import { MOST_FILES } from './plan.ts'
import { printable } from '#kernel/printable.ts'

/** A list of artefacts under one name (OCI image index, Docker manifest list). */
export const RegistryIndex = z.object({
  manifests: z
    .array(
      z.object({
        mediaType: z.string().optional(),
        artifactType: z.string().optional(),
        digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
        size: z.int().nonnegative(),
        platform: z
          .object({ os: z.string(), architecture: z.string(), variant: z.string().optional() })
          .nullish(),
        annotations: z.record(z.string(), z.string()).nullish(),
      }),
    )
    .min(1)
    .max(MOST_FILES),
})
export type RegistryIndex = z.infer<typeof RegistryIndex>
type Listed = RegistryIndex['manifests'][number]

/** Choices that are shown at most. */
const MOST_SHOWN = 20

/** Names of platforms in registries are those of Go. */
const HERE = {
  os: platform() === 'win32' ? 'windows' : platform(),
  architecture: arch() === 'x64' ? 'amd64' : arch(),
}

/** The digest of the one artefact meant: the only one there is, or the only one for this machine. Nothing is guessed. */
export function chosenFrom(
  { manifests }: RegistryIndex,
  source: string,
  here: { readonly os: string; readonly architecture: string } = HERE,
): string {
  const all = manifests.filter((one) => !isAboutAnother(one))
  const artefacts = all.filter(({ artifactType }) => MODEL_TYPE.test(artifactType ?? ''))
  const models = artefacts.length > 0 ? artefacts : all
  const forHere = models.filter(
    ({ platform: on }) => on?.os === here.os && on.architecture === here.architecture,
  )
  const [only, ...others] = models.length === 1 ? models : forHere
  if (only !== undefined && others.length === 0) return only.digest
  const choices = models.slice(0, MOST_SHOWN).map(shown).join(', ')
  throw new PullError({ code: 'index-ambiguous', detail: { source, choices } })
}

/** What ModelPack, KitOps and Docker call a model, among images of other things. */
const MODEL_TYPE = /^application\/vnd\.(?:cncf\.model|kitops\.modelkit|docker\.ai)\./

/** Attestations of builders stand in the list beside what they are about. */
const isAboutAnother = ({ platform: on, annotations }: Listed): boolean =>
  annotations?.['vnd.docker.reference.type'] !== undefined ||
  (on?.os === 'unknown' && on.architecture === 'unknown')

function shown({ digest, platform: on, annotations, artifactType }: Listed): string {
  const about = [
    on ? `${on.os}/${on.architecture}` : null,
    annotations?.['org.opencontainers.image.ref.name'] ??
      annotations?.['org.opencontainers.image.title'] ??
      null,
    on ? null : artifactType,
  ].filter((text) => typeof text === 'string')
  return about.length === 0 ? digest : `${digest} (${printable(about.join(', ').slice(0, 100))})`
}
