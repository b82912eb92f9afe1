import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Family } from '../catalogue/family.ts'
import type { Manifest } from '../store/manifest.ts'
import { provenanceOf } from '../provenance/provenance.ts'
import type { ProvenanceQuestion } from '../provenance/questions.ts'
import { dataRef, modelProperties, purlOf } from './cyclonedx-model.ts'
import type { InventoryModel } from './inventory.ts'
import type { SpdxGraph } from './spdx-graph.ts'

/** One served model as a package of the AI profile. */
export function modelPackage(graph: SpdxGraph, model: InventoryModel): void {
  const { component, manifest, family } = model
  const ref = `model:${component.id}`
  const purl = manifest === null ? null : purlOf(manifest)
  const training = family === null ? null : trainingText(family)
  const properties = modelProperties(model)
  graph.add(ref, 'ai_AIPackage', {
    name: component.name,
    software_primaryPurpose: 'model',
    ...(family === null
      ? {}
      : { suppliedBy: graph.organisation(family.developer), ...releaseOf(family) }),
    ...(purl === null ? {} : { software_packageUrl: purl }),
    ...(manifest === null ? {} : weightsFields(manifest)),
    ...(manifest?.architecture ? { ai_typeOfModel: [manifest.architecture] } : {}),
    ...(training === null ? {} : { ai_informationAboutTraining: training }),
    // personal data is told of with the data set
    ai_useSensitivePersonalInformation: 'noAssertion',
    extension: [
      {
        type: 'extension_CdxPropertiesExtension',
        extension_cdxProperty: properties.map(({ name, value }) => ({
          type: 'extension_CdxPropertyEntry',
          extension_cdxPropName: name,
          extension_cdxPropValue: value,
        })),
      },
    ],
  })
  if (manifest !== null && manifest.licence !== null)
    graph.license(ref, 'hasDeclaredLicense', manifest.licence)
  graph.license(ref, 'hasConcludedLicense', component.licence)
  if (family !== null) graph.relate(ref, 'trainedOn', [dataRef(family)])
}

function weightsFields(manifest: Manifest): JsonObject {
  const { digest, files, parameters, quantisation, contextTokens, source } = manifest
  const known = Object.entries({ parameters, quantisation, contextTokens }).flatMap(
    ([key, value]) =>
      value === null ? [] : [{ type: 'DictionaryEntry', key, value: String(value) }],
  )
  const isAddress = /^https:\/\/\S+$/.test(source.reference)
  return {
    // weights have no version: their digest is what tells two of them apart
    software_packageVersion: `sha256:${digest}`,
    ...(files.length === 0
      ? { verifiedUsing: [{ type: 'Hash', algorithm: 'sha256', hashValue: digest }] }
      : {}),
    ...(known.length === 0 ? {} : { ai_hyperparameter: known }),
    ...(isAddress ? { software_downloadLocation: source.reference } : {}),
  }
}

/** What is known of the training data of a family, as a package of the dataset profile. */
export function datasetPackage(graph: SpdxGraph, family: Family): void {
  const ref = dataRef(family)
  const origin = answerOf(family, 'origin')
  const named = provenanceOf(family).answers.find(({ id }) => id === 'datasets')?.note ?? null
  graph.add(ref, 'dataset_DatasetPackage', {
    name: `${family.family}: training data`,
    software_primaryPurpose: 'data',
    originatedBy: [graph.organisation(family.developer)],
    dataset_datasetType: ['noAssertion'],
    ...(origin === null ? {} : { dataset_dataCollectionProcess: origin }),
    ...(named === null ? {} : { description: named }),
    // what is recorded is how personal data was treated, never that there was none
    dataset_hasSensitivePersonalInformation: 'noAssertion',
  })
  graph.license(ref, 'hasDeclaredLicense', null)
}

function answerOf(family: Family, question: ProvenanceQuestion): string | null {
  return provenanceOf(family).answers.find(({ id }) => id === question)?.answer ?? null
}

function trainingText(family: Family): string | null {
  const origin = answerOf(family, 'origin')
  const cutoff = answerOf(family, 'cutoff')
  const parts = [origin, cutoff === null ? null : `Cut-off: ${cutoff}.`]
  const known = parts.filter((part) => part !== null)
  return known.length === 0 ? null : known.join(' ')
}

/** SPDX wants a moment: a month or a year alone is none. */
const releaseOf = ({ release }: Family): JsonObject =>
  release !== null && /^\d{4}-\d\d-\d\d$/.test(release)
    ? { releaseTime: `${release}T00:00:00Z` }
    : {}
