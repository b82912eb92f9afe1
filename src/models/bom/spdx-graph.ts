import type { JsonObject } from '#kernel/canonical-json.ts'
import { licencesOf } from './licences-of.ts'
import { lacking, PACKAGE_PROFILES, type PackageProfile } from './spdx-profiles.ts'

type Relation =
  | 'dependsOn'
  | 'trainedOn'
  | 'testedOn'
  | 'hasDeclaredLicense'
  | 'hasConcludedLicense'

const CREATION = '_:creation'

const LICENCES: readonly unknown[] = ['hasDeclaredLicense', 'hasConcludedLicense']

/** Profiles that every element here holds to. */
const PROFILES = ['core', 'software', 'simpleLicensing', 'extension'] as const

/** The elements of one SPDX document, each under a name of ours that becomes part of its IRI. */
export class SpdxGraph {
  readonly #id: string
  readonly #at: string
  readonly #version: string
  readonly #elements: JsonObject[] = []
  readonly #refs = new Set<string>()
  /** Packages of each profile: whether they have all that it asks for. */
  readonly #packages: Readonly<Record<PackageProfile, Map<string, boolean>>> = {
    ai: new Map(),
    dataset: new Map(),
  }

  /** `id` is the UUID of the document, `at` in ISO 8601. */
  constructor(id: string, at: string, version: string) {
    this.#id = id
    this.#at = at
    this.#version = version
  }

  iri(ref: string): string {
    return `urn:uuid:${this.#id}#${encodeURIComponent(ref)}`
  }

  /** Adds an element once. */
  add(ref: string, type: string, fields: JsonObject): void {
    if (this.#refs.has(ref)) return
    this.#refs.add(ref)
    this.#elements.push({ type, spdxId: this.iri(ref), creationInfo: CREATION, ...fields })
  }

  /** Adds a package of a profile, with what that profile asks for and nobody knows as a property of its own. */
  package(profile: PackageProfile, ref: string, fields: JsonObject, properties: Properties): void {
    const lacks = lacking(profile, fields)
    const names = lacks.map((name) => name.replace(/^[a-z]+_/, '')).join(', ')
    const told = lacks.length === 0 ? [] : [{ name: `ecluse:spdx-${profile}-lacks`, value: names }]
    this.#packages[profile].set(ref, lacks.length === 0)
    const all = [...properties, ...told]
    this.add(ref, profile === 'ai' ? 'ai_AIPackage' : 'dataset_DatasetPackage', {
      ...fields,
      ...(all.length === 0 ? {} : { extension: [extensionOf(all)] }),
    })
  }

  /** Relates an element to others; to none is left out. */
  relate(from: string, type: Relation, to: readonly string[]): void {
    if (to.length === 0) return
    this.add(`relation:${type}:${from}`, 'Relationship', {
      relationshipType: type,
      from: this.iri(from),
      to: to.map((one) => this.iri(one)),
    })
  }

  /** A licence as an expression of SPDX; one that SPDX does not know becomes a reference of ours, none says nothing. */
  license(
    of: string,
    relation: 'hasDeclaredLicense' | 'hasConcludedLicense',
    licence: string | null,
  ): void {
    const expression = licence === null ? 'NOASSERTION' : expressionOf(licence)
    const ref = `licence:${expression}`
    this.add(ref, 'simplelicensing_LicenseExpression', {
      simplelicensing_licenseExpression: expression,
    })
    this.relate(of, relation, [ref])
  }

  /** Who made or supplies something, by a name. */
  organisation(name: string): string {
    const ref = `organisation:${name}`
    this.add(ref, 'Organization', { name })
    return this.iri(ref)
  }

  /** Everything, with the document and the bill about its product in front. */
  document(product: string): readonly JsonObject[] {
    const bundles = PACKAGE_PROFILES.flatMap((profile) => this.#bundle(profile))
    const [agent, tool, bill] = ['agent', 'tool', 'sbom'].map((ref) => this.iri(ref))
    const elements = this.#elements.map(({ spdxId }) => spdxId ?? '')
    const head = { creationInfo: CREATION }
    const whole = PACKAGE_PROFILES.filter((profile) => this.#isWhole(profile))
    const claims = { profileConformance: [...PROFILES, ...whole] }
    return [
      {
        type: 'CreationInfo',
        '@id': CREATION,
        specVersion: '3.0.1',
        // no fractions of a second in SPDX
        created: `${this.#at.slice(0, 19)}Z`,
        createdBy: [agent ?? ''],
        createdUsing: [tool ?? ''],
      },
      { type: 'SoftwareAgent', spdxId: agent, ...head, name: 'ecluse' },
      { type: 'Tool', spdxId: tool, ...head, name: `ecluse ${this.#version}` },
      {
        type: 'SpdxDocument',
        spdxId: this.iri('document'),
        ...head,
        ...claims,
        rootElement: [bill ?? ''],
        element: [
          agent ?? '',
          tool ?? '',
          ...elements,
          ...bundles.map(({ spdxId }) => spdxId ?? ''),
        ],
      },
      {
        type: 'software_Sbom',
        spdxId: bill,
        ...head,
        ...claims,
        software_sbomType: ['runtime'],
        rootElement: [this.iri(product)],
        element: elements,
      },
      ...bundles,
      ...this.#elements,
    ]
  }

  #isWhole(profile: PackageProfile): boolean {
    const states = [...this.#packages[profile].values()]
    return states.length > 0 && states.every(Boolean)
  }

  /** Where not every package has what a profile asks for: those that do, with their licences, as a collection that claims it. */
  #bundle(profile: PackageProfile): readonly JsonObject[] {
    const packages = [...this.#packages[profile]].flatMap(([ref, holds]) => (holds ? [ref] : []))
    if (packages.length === 0 || this.#isWhole(profile)) return []
    const roots = packages.map((ref) => this.iri(ref))
    const inside: readonly unknown[] = roots
    const parts = this.#elements.flatMap((one) => {
      const { spdxId, type, from, relationshipType, to } = one
      if (inside.includes(spdxId)) return [spdxId, one['suppliedBy'], one['originatedBy']].flat()
      const isOfLicence = type === 'Relationship' && LICENCES.includes(relationshipType)
      return isOfLicence && inside.includes(from) ? [spdxId, to].flat() : []
    })
    const element = [...new Set(parts.filter((part) => typeof part === 'string'))]
    return [
      {
        type: 'Bundle',
        spdxId: this.iri(`conforming:${profile}`),
        creationInfo: CREATION,
        context: `Those of which everything that the profile ${profile} asks for is known.`,
        profileConformance: [...PROFILES, profile],
        rootElement: roots,
        element,
      },
    ]
  }
}

type Properties = readonly { readonly name: string; readonly value: string }[]

const extensionOf = (properties: Properties): JsonObject => ({
  type: 'extension_CdxPropertiesExtension',
  extension_cdxProperty: properties.map(({ name, value }) => ({
    type: 'extension_CdxPropertyEntry',
    extension_cdxPropName: name,
    extension_cdxPropValue: value,
  })),
})

function expressionOf(licence: string): string {
  const [first] = licencesOf(licence)
  const isKnown = first !== undefined && ('expression' in first || isWithId(first['license']))
  const name = licence.replace(/^LicenseRef-/, '').replaceAll(/[^A-Za-z0-9.-]+/g, '-')
  return isKnown ? licence : `LicenseRef-${name}`
}

const isWithId = (license: unknown): boolean =>
  typeof license === 'object' && license !== null && 'id' in license
