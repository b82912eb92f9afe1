import { isOwnZone, type Zone } from '#kernel/destination.ts'
import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Family } from '../catalogue/family.ts'
import type { Manifest } from '../store/manifest.ts'
import { provenanceOf } from '../provenance/provenance.ts'
import type { ComponentWeights } from '../stack/weights.ts'
import { dataSetId } from '../data-sets/data-set.ts'
import { dataSetRef } from './data-set-ref.ts'
import { hubOrigin } from './download-location.ts'
import type { InventoryModel } from './inventory.ts'
import { licencesOf } from './licences-of.ts'

/** A name with its value. */
export type BillProperty = JsonObject & { readonly name: string; readonly value: string }

/** Names and values that CycloneDX has no field for; what is null is left out. */
export const properties = (
  values: Readonly<Record<string, string | number | null | undefined>>,
): readonly BillProperty[] =>
  Object.entries(values).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [{ name: `ecluse:${name}`, value: String(value) }],
  )

export const dataRef = ({ id }: Family): string => `data:${id}`

/** One served model as a machine-learning model of CycloneDX, with a model card from recorded evidence. */
export function modelComponent(model: InventoryModel): JsonObject {
  const { component, manifest, family } = model
  const { id, name, licence } = component
  const purl = manifest === null ? null : purlOf(manifest)
  const repository = family?.hubIds[0]
  return {
    type: 'machine-learning-model',
    'bom-ref': `model:${id}`,
    name,
    ...(family === null
      ? {}
      : { supplier: { name: family.developer }, description: family.family }),
    ...(purl === null ? {} : { purl }),
    ...(manifest === null ? {} : weightsHashes(manifest)),
    ...(licence === null ? {} : { licenses: licencesOf(licence) }),
    ...(repository === undefined
      ? {}
      : {
          externalReferences: [{ type: 'model-card', url: `https://huggingface.co/${repository}` }],
        }),
    modelCard: modelCard(model),
    properties: modelProperties(model),
  }
}

/** What is told of a served model beyond the fields of a standard. */
export function modelProperties({
  component,
  manifest,
  dataSets,
}: Pick<InventoryModel, 'component' | 'manifest' | 'dataSets'>): readonly BillProperty[] {
  const { openness, destination, zone, cvss, kind, detail } = component
  return properties({
    destination,
    zone,
    adapter: kind === 'adapter' ? detail : null,
    openness: openness.text,
    'openness-basis': openness.basis,
    'openness-reasons': openness.reasons.length === 0 ? null : openness.reasons.join(' '),
    bytes: manifest?.bytes,
    quantisation: manifest?.quantisation,
    parameters: manifest?.parameters,
    'context-tokens': manifest?.contextTokens,
    'pulled-at': manifest?.pulledAt,
    source: manifest?.source.reference,
    weights: weightsOf(manifest, destination, zone),
    cvss,
    // how each of them was used: the model card only names them
    'data-sets': joined(dataSets.map(({ dataSet, use }) => `${use} ${dataSetId(dataSet)}`)),
    ...admissionProperties(component.weights),
  })
}

/** Of one file its digest; of several each of them, because the digest of their list is that of no file. */
function weightsHashes({ digest, files }: Manifest): JsonObject {
  if (files.length === 0) return { hashes: [{ alg: 'SHA-256', content: digest }] }
  return {
    components: files.map((file) => ({
      type: 'file',
      name: file.path,
      hashes: [{ alg: 'SHA-256', content: file.digest }],
    })),
  }
}

/** Who answers for the bytes that run. */
function weightsOf(
  manifest: Manifest | null,
  destination: string | null,
  zone: Zone | null,
): string {
  if (manifest !== null) return 'digest of the file on board'
  if (destination === 'embedded') return 'not on board'
  return zone !== null && isOwnZone(zone) ? 'attested by configuration' : 'run by others'
}

/** Where the weights stand for service, and why; who decided only by kind. */
function admissionProperties(
  weights: ComponentWeights | null,
): Readonly<Record<string, string | null>> {
  if (weights === null) return {}
  const { standing, stopped, attested, digest, admission, notFor } = weights
  const exceptions = admission?.exceptions ?? []
  return {
    'weights-digest': digest,
    admission: admission?.state ?? 'not recorded',
    'admission:since': timeOf(admission?.since),
    'admission:by': admission?.by ?? null,
    'admission:evidence': admission?.evidence ?? null,
    'admission:record': admission?.record ?? null,
    'admission:licence': admission?.licence ?? null,
    'admission:exceptions': joined(
      exceptions.map(({ kinds, until }) => `${kinds.join('+')} until ${timeOf(until)}`),
    ),
    'weights:standing': standing,
    'weights:attested': attested,
    // it passes by itself
    'weights:stopped': stopped === 'checking' ? null : stopped,
    'weights:not-for': joined(notFor),
  }
}

const timeOf = (at: number | null | undefined): string | null =>
  typeof at === 'number' ? new Date(at).toISOString() : null

const joined = (words: readonly string[]): string | null =>
  words.length === 0 ? null : words.join(', ')

function modelCard({ manifest, family, dataSets }: InventoryModel): JsonObject {
  const architecture = manifest?.architecture ?? null
  const data = new Set([
    ...(family === null ? [] : [dataRef(family)]),
    ...dataSets.map(({ dataSet }) => dataSetRef(dataSet)),
  ])
  const formats = family?.modalities.map((format) => ({ format })) ?? []
  const evidence = Object.entries(family?.evidence ?? {}).map(
    ([part, { state, source }]) =>
      [`evidence:${part}`, source === null ? state : `${state} (${source})`] as const,
  )
  return {
    modelParameters: {
      ...(architecture === null ? {} : { architectureFamily: architecture }),
      ...(family === null ? {} : { modelArchitecture: family.family }),
      ...(data.size === 0 ? {} : { datasets: [...data].map((ref) => ({ ref })) }),
      ...(formats.length === 0 ? {} : { inputs: formats }),
    },
    ...(family === null
      ? {}
      : {
          properties: properties({
            released: family.release,
            'evidence:retrieved': family.retrieved,
            ...Object.fromEntries(evidence),
          }),
        }),
  }
}

/** What is known of the training data of a family, as a component of its own. */
export function dataComponent(family: Family): JsonObject {
  const { answers } = provenanceOf(family)
  const known = answers.filter(({ answer }) => answer !== null)
  const origin = answers.find(({ id }) => id === 'origin')?.answer
  return {
    type: 'data',
    'bom-ref': dataRef(family),
    name: `${family.family}: training data`,
    data: [
      {
        type: 'dataset',
        name: `${family.family}: training data`,
        ...(origin === null || origin === undefined ? {} : { description: origin }),
        contents: {
          properties: [
            ...known.map(({ id, answer }) => ({ name: `ecluse:${id}`, value: answer ?? '' })),
            ...answers
              .filter(({ answer }) => answer === null)
              .map(({ id }) => ({ name: `ecluse:${id}`, value: 'unknown' })),
          ],
        },
      },
    ],
  }
}

/** Package URL of what came from Hugging Face pinned to a commit: its names keep their case (purl type `huggingface`). */
export function purlOf(manifest: Manifest): string | null {
  const found = hubOrigin(manifest)
  return found && `pkg:huggingface/${found.repository}@${found.commit}`
}
