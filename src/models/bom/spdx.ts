import type { JsonObject } from '#kernel/canonical-json.ts'
import type { StackComponent } from '../stack/stack.ts'
import { enginePurl } from './cyclonedx.ts'
import type { Inventory } from './inventory.ts'
import type { OwnPackage } from './own-packages.ts'
import { SpdxGraph } from './spdx-graph.ts'
import { dataSetPackage } from './spdx-data-set.ts'
import { datasetPackage, modelPackage } from './spdx-model.ts'

const CONTEXT = 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld'

/**
 * The same inventory as SPDX 3.0.1 in JSON-LD, with packages of the AI and dataset profiles. Flaws are not in it, and
 * what is not known is left out or says so.
 */
export function spdxDocument(inventory: Inventory): JsonObject {
  const { id, at, models, others, dataSets, own } = inventory
  const graph = new SpdxGraph(id, at, own.product.version)
  const product = addOwn(graph, own.product, 'application')
  for (const one of own.packages) addOwn(graph, one, 'library')
  for (const { name, version, needs } of [own.product, ...own.packages])
    graph.relate(
      npmRef({ name, version }),
      'dependsOn',
      needs.map((need) => `npm:${need}`),
    )
  const running = others.filter(({ destination }) => destination !== null)
  for (const one of running) addHost(graph, one)
  graph.relate(
    npmRef(own.product),
    'dependsOn',
    running.map(({ id: name }) => `engine:${name}`),
  )
  for (const one of others.filter(({ id: name }) => name === 'store'))
    graph.add(`own:${one.id}`, 'software_Package', {
      name: one.name,
      software_primaryPurpose: 'platform',
      ...(one.version === null ? {} : { software_packageVersion: one.version }),
    })
  const families = new Map(
    models.flatMap(({ family }) => (family ? [[family.id, family] as const] : [])),
  )
  for (const family of families.values()) datasetPackage(graph, family)
  for (const one of dataSets) dataSetPackage(graph, one)
  for (const model of models) modelPackage(graph, model)
  for (const { id: name } of running)
    graph.relate(
      `engine:${name}`,
      'dependsOn',
      models
        .filter(({ component }) => component.destination === name)
        .map(({ component }) => `model:${component.id}`),
    )
  return { '@context': CONTEXT, '@graph': graph.document(product) }
}

const npmRef = ({ name, version }: Pick<OwnPackage, 'name' | 'version'>): string =>
  `npm:${name}@${version}`

function addOwn(graph: SpdxGraph, one: OwnPackage, purpose: 'application' | 'library'): string {
  const ref = npmRef(one)
  graph.add(ref, 'software_Package', {
    name: one.name,
    software_packageVersion: one.version,
    software_primaryPurpose: purpose,
    software_packageUrl: `pkg:npm/${one.name.replace('@', '%40')}@${one.version}`,
    ...(one.sha512 === null
      ? {}
      : { verifiedUsing: [{ type: 'Hash', algorithm: 'sha512', hashValue: one.sha512 }] }),
  })
  graph.license(ref, 'hasDeclaredLicense', one.licence)
  return ref
}

/** An engine of ours, or what others run for us. */
function addHost(graph: SpdxGraph, one: StackComponent): void {
  const ref = `engine:${one.id}`
  const isOthers = one.kind === 'vendor'
  const purl = isOthers ? null : enginePurl(one)
  graph.add(ref, 'software_Package', {
    name: one.name,
    software_primaryPurpose: isOthers ? 'other' : 'application',
    ...(isOthers ? { comment: 'A service that others run, across the trust boundary.' } : {}),
    ...(one.version === null ? {} : { software_packageVersion: one.version }),
    ...(purl === null ? {} : { software_packageUrl: purl }),
  })
  if (!isOthers) graph.license(ref, 'hasDeclaredLicense', one.licence)
}
