import { findLicence } from '../licences/licence.ts'
import { shippedCatalogue, type Family } from './family.ts'
import type { ComponentStates } from './grade.ts'

/**
 * The row of the catalogue that a name stands for: its id, its name, one of its repositories, else the family whose id
 * is the longest beginning of the name, part by part. A model of it that has a licence of its own comes with that one.
 * Null when there is none.
 */
export function findFamily(name: string): Family | null {
  const family = rowNamed(name)
  return family && asVariant(family, name)
}

function rowNamed(name: string): Family | null {
  const { families } = shippedCatalogue()
  const wanted = name.toLowerCase()
  const exact = families.find(
    ({ id, family, hubIds, exactNames = [] }) =>
      id === wanted ||
      family.toLowerCase() === wanted ||
      exactNames.includes(wanted) ||
      hubIds.some((one) => one.toLowerCase() === wanted),
  )
  if (exact) return exact
  const plain = compact(wanted.split('/').at(-1) ?? wanted)
  return knownNames().find(({ known }) => plain === known || goesOn(plain, known))?.family ?? null
}

/** The row as it is for one of its models: `Qwen2.5-72B` is not under the licence of the other sizes. */
function asVariant(family: Family, name: string): Family {
  const asked = `-${compact(name.split('/').at(-1) ?? name)}-`
  const variant = family.variants?.find(
    (one) => one.licence !== undefined && asked.includes(`-${compact(one.name)}-`),
  )
  const licence = variant?.licence === undefined ? null : findLicence(variant.licence)
  if (variant === undefined || licence === null) return family
  const { id, spdx, name: title, letter } = licence
  return {
    ...family,
    family: `${family.family} ${variant.name}`,
    licence: { id, spdx, name: title },
    letter,
  }
}

interface KnownName {
  readonly family: Family
  readonly known: string
}

let names: readonly KnownName[] | undefined

/** Every name of every family as names are compared, the longest first; made once, because it is asked for by the hundred. */
function knownNames(): readonly KnownName[] {
  names ??= shippedCatalogue()
    .families.flatMap((family) =>
      [
        family.id,
        ...(family.names ?? []),
        ...family.hubIds.map((one) => one.split('/').at(-1) ?? one),
      ].map((known) => ({ family, known: compact(known) })),
    )
    .filter(({ known }) => known.length > 2)
    .toSorted((left, right) => right.known.length - left.known.length)
  return names
}

/** Whether a name is a known one with more to it; `llama-3-2` is not `llama-3`: a number alone is another version. */
const goesOn = (name: string, known: string): boolean =>
  name.startsWith(`${known}-`) && !/^\d{1,2}(?:-|$)/.test(name.slice(known.length + 1))

/** `SmolLM2_135M` and `smollm-2-135m` alike: a number starts a part of its own. */
const compact = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[\s_.:]+/g, '-')
    .replaceAll(/([a-z])(\d)/g, '$1-$2')
    .replaceAll(/-+/g, '-')

/** The states of a row, without what was noted about them. */
export const statesOf = ({ evidence }: Family): ComponentStates =>
  Object.fromEntries(Object.entries(evidence).map(([component, { state }]) => [component, state]))
