import type { JsonObject } from '#kernel/canonical-json.ts'
import { licencesOf } from './licences-of.ts'

type Relation = 'dependsOn' | 'trainedOn' | 'hasDeclaredLicense' | 'hasConcludedLicense'

const CREATION = '_:creation'

/** The elements of one SPDX document, each under a name of ours that becomes part of its IRI. */
export class SpdxGraph {
  readonly #id: string
  readonly #at: string
  readonly #version: string
  readonly #elements: JsonObject[] = []
  readonly #refs = new Set<string>()

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
    const [agent, tool, bill] = ['agent', 'tool', 'sbom'].map((ref) => this.iri(ref))
    const elements = this.#elements.map(({ spdxId }) => spdxId ?? '')
    const head = { creationInfo: CREATION }
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
        // `ai` and `dataset` ask for a supplier, a release time and a place to download: not known of every model
        profileConformance: ['core', 'software', 'simpleLicensing', 'extension'],
        rootElement: [bill ?? ''],
        element: [agent ?? '', tool ?? '', ...elements],
      },
      {
        type: 'software_Sbom',
        spdxId: bill,
        ...head,
        software_sbomType: ['runtime'],
        rootElement: [this.iri(product)],
        element: elements,
      },
      ...this.#elements,
    ]
  }
}

function expressionOf(licence: string): string {
  const [first] = licencesOf(licence)
  const isKnown = first !== undefined && ('expression' in first || isWithId(first['license']))
  return isKnown ? licence : `LicenseRef-${licence.replaceAll(/[^A-Za-z0-9.-]+/g, '-')}`
}

const isWithId = (license: unknown): boolean =>
  typeof license === 'object' && license !== null && 'id' in license
