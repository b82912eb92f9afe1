import type { DataClass } from '#kernel/label.ts'
import type { DataSet } from '../data-sets/data-set.ts'
import { dataSetRef } from './data-set-ref.ts'
import type { SpdxGraph } from './spdx-graph.ts'

/** The classes as levels of the traffic light protocol, which SPDX has. */
const LEVELS: Readonly<Record<DataClass, string>> = {
  public: 'clear',
  internal: 'green',
  confidential: 'amber',
  restricted: 'red',
}

/** A registered data set as a package of the dataset profile. */
export function dataSetPackage(graph: SpdxGraph, one: DataSet): void {
  const ref = dataSetRef(one)
  const { name, version, origin, publisher, digest, location, built, released } = one
  const fields = {
    name,
    software_packageVersion: version,
    software_primaryPurpose: 'data',
    ...(publisher === null ? {} : { originatedBy: [graph.organisation(publisher)] }),
    ...(location === null ? {} : { software_downloadLocation: location }),
    ...(built === null ? {} : { builtTime: `${built}T00:00:00Z` }),
    ...(released === null ? {} : { releaseTime: `${released}T00:00:00Z` }),
    ...(digest === null
      ? {}
      : { verifiedUsing: [{ type: 'Hash', algorithm: 'sha256', hashValue: digest }] }),
    dataset_datasetType: ['noAssertion'],
    dataset_dataCollectionProcess: origin,
    ...(one.class === null ? {} : { dataset_confidentialityLevel: LEVELS[one.class] }),
    // without personal data there is none that is sensitive; of those that are in it, nobody says
    dataset_hasSensitivePersonalInformation: one.personalData === 'no' ? 'no' : 'noAssertion',
  }
  const personal = { name: 'ecluse:personal-data', value: one.personalData }
  graph.package('dataset', ref, fields, [personal])
  graph.license(ref, 'hasDeclaredLicense', one.licence)
  graph.license(ref, 'hasConcludedLicense', null)
}
