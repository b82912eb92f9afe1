import type { JsonObject } from '#kernel/canonical-json.ts'
import type { StackComponent } from '../stack/stack.ts'
import { shippedProducts } from '../vulnerabilities/products.ts'
import { dataComponent, modelComponent, properties } from './cyclonedx-model.ts'
import { dataSetComponent } from './cyclonedx-data-set.ts'
import { vulnerabilityEntry } from './cyclonedx-vulnerability.ts'
import type { Inventory } from './inventory.ts'
import { licencesOf } from './licences-of.ts'
import type { OwnPackage } from './own-packages.ts'

/** Versions of CycloneDX that are written; what is written here is the same in both. */
export const CYCLONEDX_VERSIONS = ['1.6', '1.7'] as const
export type CycloneDxVersion = (typeof CYCLONEDX_VERSIONS)[number]

/** A bill of materials of the running system: models, data, engines, services, the product and its packages, flaws. */
export function cycloneDx(inventory: Inventory, specVersion: CycloneDxVersion): JsonObject {
  const { at, id, models, others, engines, dataSets, own } = inventory
  const families = new Map(
    models.flatMap(({ family }) => (family ? [[family.id, family] as const] : [])),
  )
  const components = others.filter(({ kind }) => kind !== 'vendor')
  const foreign = components.filter(({ destination }) => destination !== null)
  const running = new Set(foreign.map(({ id: name }) => name))
  const product = ownComponent(own.product, 'application')
  return {
    $schema: `http://cyclonedx.org/schema/bom-${specVersion}.schema.json`,
    bomFormat: 'CycloneDX',
    specVersion,
    serialNumber: `urn:uuid:${id}`,
    version: 1,
    metadata: {
      timestamp: at,
      lifecycles: [{ phase: 'operations' }],
      tools: {
        components: [{ type: 'application', name: 'ecluse', version: own.product.version }],
      },
      component: product,
    },
    components: [
      ...models.map(modelComponent),
      ...[...families.values()].map(dataComponent),
      ...dataSets.map(dataSetComponent),
      ...foreign.map(engineComponent),
      ...components.filter(({ id: name }) => name === 'store').map(storeComponent),
      ...own.packages.map((one) => ownComponent(one, 'library')),
    ],
    services: others.filter(({ kind }) => kind === 'vendor').map(serviceOf),
    dependencies: [
      {
        ref: refOf(own.product),
        dependsOn: [
          ...foreign.map(({ id: name }) => `engine:${name}`),
          ...own.product.needs.map((name) => `npm:${name}`),
        ],
      },
      ...foreign.map(({ id: name }) => ({
        ref: `engine:${name}`,
        dependsOn: models
          .filter(({ component }) => component.destination === name)
          .map(({ component }) => `model:${component.id}`),
      })),
      ...own.packages.map((one) => ({
        ref: refOf(one),
        dependsOn: one.needs.map((name) => `npm:${name}`),
      })),
    ],
    vulnerabilities: engines
      .filter(({ destination }) => running.has(destination))
      .flatMap((engine) => engine.findings.map((finding) => vulnerabilityEntry(finding, engine))),
  }
}

const refOf = ({ name, version }: OwnPackage): string => `npm:${name}@${version}`

const ownComponent = (one: OwnPackage, type: 'application' | 'library'): JsonObject => ({
  type,
  'bom-ref': refOf(one),
  name: one.name,
  version: one.version,
  purl: `pkg:npm/${one.name.replace('@', '%40')}@${one.version}`,
  ...(one.licence === null ? {} : { licenses: licencesOf(one.licence) }),
  ...(one.sha512 === null ? {} : { hashes: [{ alg: 'SHA-512', content: one.sha512 }] }),
})

function engineComponent(component: StackComponent): JsonObject {
  const { id, name, version, versionFrom, licence, zone, cvss, lag } = component
  const purl = enginePurl(component)
  return {
    type: 'application',
    'bom-ref': `engine:${id}`,
    name,
    ...(version === null ? {} : { version }),
    ...(purl === null ? {} : { purl }),
    ...(licence === null ? {} : { licenses: licencesOf(licence) }),
    properties: properties({
      destination: id,
      zone,
      'version-from': versionFrom,
      cvss,
      latest: lag?.latest,
      behind: lag?.behind,
    }),
  }
}

const TYPES: Readonly<Record<string, string>> = { PyPI: 'pypi', npm: 'npm', Go: 'golang' }

/** By its package where it has one, else by its repository. */
export function enginePurl({
  name,
  version,
}: Pick<StackComponent, 'name' | 'version'>): string | null {
  const product = shippedProducts().products.find((one) => one.name === name)
  if (!product) return null
  const at = version === null ? '' : `@${encodeURIComponent(version)}`
  const [own] = product.packages
  const type = own && TYPES[own.ecosystem]
  if (own && type !== undefined) return `pkg:${type}/${own.name.replace('@', '%40')}${at}`
  const path = product.repository?.replace('https://github.com/', '')
  return path === undefined ? null : `pkg:github/${path.toLowerCase()}${at}`
}

const storeComponent = ({ id, name, version, licence }: StackComponent): JsonObject => ({
  type: 'platform',
  'bom-ref': `own:${id}`,
  name,
  ...(version === null ? {} : { version }),
  ...(licence === null ? {} : { licenses: licencesOf(licence) }),
})

const serviceOf = ({ id, name, zone, state }: StackComponent): JsonObject => ({
  'bom-ref': `service:${id}`,
  name,
  'x-trust-boundary': true,
  properties: properties({ destination: id, zone, state }),
})
