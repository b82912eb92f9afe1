import type { JsonObject } from '#kernel/canonical-json.ts'
import type { DataSet } from '../data-sets/data-set.ts'
import { properties } from './cyclonedx-model.ts'
import { dataSetRef } from './data-set-ref.ts'
import { licencesOf } from './licences-of.ts'

/** A registered data set as a component of CycloneDX, of type `data`. */
export function dataSetComponent(one: DataSet): JsonObject {
  const { name, version, origin, publisher, licence, digest, location } = one
  return {
    type: 'data',
    'bom-ref': dataSetRef(one),
    name,
    version,
    description: origin,
    ...(publisher === null ? {} : { publisher }),
    ...(digest === null ? {} : { hashes: [{ alg: 'SHA-256', content: digest }] }),
    ...(licence === null ? {} : { licenses: licencesOf(licence) }),
    ...(location === null ? {} : { externalReferences: [{ type: 'distribution', url: location }] }),
    data: [
      {
        type: 'dataset',
        name: `${name} ${version}`,
        description: origin,
        ...(location === null ? {} : { contents: { url: location } }),
        ...(one.class === null ? {} : { classification: one.class }),
        ...(one.personalData === 'yes' ? { sensitiveData: ['personal data'] } : {}),
      },
    ],
    properties: properties({
      'personal-data': one.personalData,
      built: one.built,
      released: one.released,
      models: one.models.map(({ model, use }) => `${use} ${model}`).join(', ') || null,
    }),
  }
}
