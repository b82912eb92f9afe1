import { createHash } from 'node:crypto'
import { canonicalJson, type JsonValue } from '#kernel/canonical-json.ts'
import type { Destination } from '#kernel/destination.ts'
import type { DataClass } from '#kernel/label.ts'
import type { PolicyRule, Prefer, Preference } from './rule.ts'

export interface PolicyDocument {
  /** Class of a text without findings. */
  readonly floor: DataClass
  readonly rules: readonly PolicyRule[]
  /** Order among the allowed; cost, then speed, when absent. */
  readonly prefer?: Prefer | undefined
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
  version: digest(policyJson(document)),
})

export const catalogueOf = (destinations: readonly Destination[]): Catalogue => ({
  destinations,
  version: digest(catalogueJson(destinations)),
})

/** What is stored under a catalogue version, so that a decision can be replayed; paths of this machine are left out. */
export const catalogueJson = (destinations: readonly Destination[]): JsonValue =>
  // quirks and APIs say how to speak, not where anything may go; what is known against an engine is in `cvss`
  destinations.map(({ quirks: _, apis: __, engine: ___, ...destination }) => ({
    ...destination,
    address:
      destination.address.kind === 'url'
        ? { ...destination.address }
        : { kind: 'socket', path: '' },
    terms: destination.terms ? { ...destination.terms } : undefined,
    models: destination.models.map((model) => ({
      ...model,
      price: model.price ? { ...model.price } : undefined,
    })),
  }))

export const policyJson = ({ floor, rules, prefer }: PolicyDocument): JsonValue => ({
  floor,
  rules: rules.map(
    ({ id, match, when, allow, deny, mask, answers, duties, opinion, disclose }) => ({
      id,
      match: { ...match },
      when,
      allow: allow ? { ...allow } : undefined,
      deny: deny ? { ...deny } : undefined,
      // what is absent is left out: a policy without duties has the digest it always had
      mask: mask ? { ...mask } : undefined,
      answers: answers ? { ...answers } : undefined,
      duties,
      opinion: opinion ? { ...opinion } : undefined,
      disclose: typeof disclose === 'object' ? { ...disclose } : disclose,
    }),
  ),
  prefer: prefer && isOrder(prefer) ? prefer : prefer && { ...prefer },
})

/** Whether it says an order, not weights. */
export const isOrder = (prefer: Prefer): prefer is readonly Preference[] => Array.isArray(prefer)

const digest = (value: JsonValue): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 16)
