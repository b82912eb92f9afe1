import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Family } from '../catalogue/family.ts'
import type { Manifest } from '../store/manifest.ts'
import { provenanceOf } from '../provenance/provenance.ts'
import type { ProvenanceQuestion } from '../provenance/questions.ts'
import { dataRef, modelProperties, purlOf } from './cyclonedx-model.ts'
import { dataSetRef } from './data-set-ref.ts'
import { downloadLocation } from './download-location.ts'
import type { InventoryModel } from './inventory.ts'
import type { SpdxGraph } from './spdx-graph.ts'

/** One served model as a package of the AI profile. */
export function modelPackage(graph: SpdxGraph, model: InventoryModel): void {
  const { component, manifest, family, dataSets } = model
  const ref = `model:${component.id}`
  const purl = manifest === null ? null : purlOf(manifest)
  const training = family === null ? null : trainingText(family)
  const fields = {
    name: component.name,
    software_primaryPurpose: 'model',
    ...(family === null
      ? {}
      : { suppliedBy: graph.organisation(family.developer), ...releaseOf(family) }),
    ...(purl === null ? {} : { software_packageUrl: purl }),
    ...versionOf(model),
    ...(manifest === null ? {} : weightsFields(manifest)),
    ...(manifest?.architecture ? { ai_typeOfModel: [manifest.architecture] } : {}),
    ...(training === null ? {} : { ai_informationAboutTraining: training }),
    // personal data is told of with the data set
    ai_useSensitivePersonalInformation: 'noAssertion',
  }
  graph.package('ai', ref, fields, modelProperties(model))
  graph.license(ref, 'hasDeclaredLicense', manifest?.licence ?? null)
  graph.license(ref, 'hasConcludedLicense', component.licence)
  const used = (isTest: boolean): readonly string[] =>
    dataSets.flatMap(({ dataSet, use }) =>
      (use === 'evaluation') === isTest ? [dataSetRef(dataSet)] : [],
    )
  const trained = [...(family === null ? [] : [dataRef(family)]), ...used(false)]
  graph.relate(ref, 'trainedOn', [...new Set(trained)])
  graph.relate(ref, 'testedOn', used(true))
}

/** Weights have no version: their digest is what tells two of them apart. */
function versionOf({ component, manifest }: InventoryModel): JsonObject {
  const digest = manifest?.digest ?? component.weights?.digest ?? null
  return digest === null ? {} : { software_packageVersion: `sha256:${digest}` }
}

function weightsFields(manifest: Manifest): JsonObject {
  const { digest, files, parameters, quantisation, contextTokens } = manifest
  const known = Object.entries({ parameters, quantisation, contextTokens }).flatMap(
    ([key, value]) =>
      value === null ? [] : [{ type: 'DictionaryEntry', key, value: String(value) }],
  )
  const location = downloadLocation(manifest)
  return {
    ...(files.length === 0
      ? { verifiedUsing: [{ type: 'Hash', algorithm: 'sha256', hashValue: digest }] }
      : {}),
    ...(known.length === 0 ? {} : { ai_hyperparameter: known }),
    ...(location === null ? {} : { software_downloadLocation: location }),
  }
}

/** What is known of the training data of a family, as a package of the dataset profile. */
export function datasetPackage(graph: SpdxGraph, family: Family): void {
  const ref = dataRef(family)
  const origin = answerOf(family, 'origin')
  const named = provenanceOf(family).answers.find(({ id }) => id === 'datasets')?.note ?? null
  const fields = {
    name: `${family.family}: training data`,
    software_primaryPurpose: 'data',
    originatedBy: [graph.organisation(family.developer)],
    dataset_datasetType: ['noAssertion'],
    ...(origin === null ? {} : { dataset_dataCollectionProcess: origin }),
    ...(named === null ? {} : { description: named }),
    // what is recorded is how personal data was treated, never that there was none
    dataset_hasSensitivePersonalInformation: 'noAssertion',
  }
  graph.package('dataset', ref, fields, [])
  graph.license(ref, 'hasDeclaredLicense', null)
  graph.license(ref, 'hasConcludedLicense', null)
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

/** SPDX wants a moment, and months are what is known: the first of the month stands for it, and that is said. */
const releaseOf = ({ family, release }: Family): JsonObject =>
  release !== null && /^\d{4}-\d\d$/.test(release)
    ? {
        releaseTime: `${release}-01T00:00:00Z`,
        comment: `releaseTime is that of ${family}, ${release}: the day is not recorded, and the first of the month stands for it.`,
      }
    : {}
