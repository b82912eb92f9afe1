import type { JsonObject } from '#kernel/canonical-json.ts'
import { shippedLicences } from '../licences/licence.ts'

/** Identifiers of SPDX that programs and data sets have, besides those of the licences that are judged. */
const COMMON = [
  '0BSD',
  'Apache-2.0',
  'blessing',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'EUPL-1.2',
  'GPL-2.0-only',
  'GPL-2.0-or-later',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'MulanPSL-2.0',
  'ODbL-1.0',
  'OGL-UK-3.0',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
]

/** A licence as CycloneDX wants it: an identifier of SPDX, an expression of them, or a name. */
export function licencesOf(licence: string | null): readonly JsonObject[] {
  if (licence === null) return []
  if (isKnown(licence)) return [{ license: { id: licence } }]
  const words = licence
    .replaceAll(/[()]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
  const isExpression =
    words.length > 1 && words.every((word) => word === 'OR' || word === 'AND' || isKnown(word))
  return isExpression ? [{ expression: licence }] : [{ license: { name: licence } }]
}

const isKnown = (id: string): boolean => COMMON.includes(id) || judged().has(id)

let known: ReadonlySet<string> | undefined

function judged(): ReadonlySet<string> {
  known ??= new Set(
    shippedLicences().flatMap(({ spdx }) =>
      typeof spdx === 'string' && !spdx.startsWith('LicenseRef-') ? [spdx] : [],
    ),
  )
  return known
}
