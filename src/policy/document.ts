import { createHash } from 'node:crypto'
import { canonicalJson, type JsonValue } from '#kernel/canonical-json.ts'
import type { Destination, Zone } from '#kernel/destination.ts'
import type { DataClass } from '#kernel/label.ts'

/** A rule speaks of some classes and says where they may go; a request must satisfy every rule that speaks of it. */
export interface PolicyRule {
  readonly id: string
  readonly match: { readonly classes: readonly DataClass[] }
  readonly allow: {
    readonly zones: readonly Zone[]
    /** Countries that a destination outside our own zones must be in; absent: any. */
    readonly jurisdictions?: readonly string[] | undefined
  }
}

export interface PolicyDocument {
  /** Class of a text without findings. */
  readonly floor: DataClass
  readonly rules: readonly PolicyRule[]
}

/** A policy with the digest that decisions quote. */
export interface Policy extends PolicyDocument {
  readonly version: string
}

/** The destinations known at one moment, in the order of preference, with the digest that decisions quote. */
export interface Catalogue {
  readonly destinations: readonly Destination[]
  readonly version: string
}

/** Freezes a policy document under its digest: the first 16 hex digits of SHA-256 over its canonical JSON. */
export const policyOf = (document: PolicyDocument): Policy => ({
  ...document,
  version: digest({ floor: document.floor, rules: document.rules.map(plainRule) }),
})

export const catalogueOf = (destinations: readonly Destination[]): Catalogue => ({
  destinations,
  version: digest(catalogueJson(destinations)),
})

/** What is stored under a catalogue version, so that a decision can be replayed; paths of this machine are left out. */
export const catalogueJson = (destinations: readonly Destination[]): JsonValue =>
  // quirks and APIs say how to speak, not where anything may go
  destinations.map(({ quirks: _, apis: __, ...destination }) => ({
    ...destination,
    address:
      destination.address.kind === 'url'
        ? { ...destination.address }
        : { kind: 'socket', path: '' },
    models: destination.models.map((model) => ({
      ...model,
      price: model.price ? { ...model.price } : undefined,
    })),
  }))

export const policyJson = (policy: PolicyDocument): JsonValue => ({
  floor: policy.floor,
  rules: policy.rules.map(plainRule),
})

const plainRule = (rule: PolicyRule): JsonValue => ({
  id: rule.id,
  match: { classes: rule.match.classes },
  allow: { zones: rule.allow.zones, jurisdictions: rule.allow.jurisdictions },
})

const digest = (value: JsonValue): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 16)
