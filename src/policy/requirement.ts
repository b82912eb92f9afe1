import { isOwnZone, type Destination, type ServedModel, type Zone } from '#kernel/destination.ts'
import type { RefusedCode } from '#kernel/verdict.ts'
import { isNamed } from './names.ts'
import type { Denial, Requirement } from './rule.ts'

/** One model at one destination. */
export interface Candidate {
  readonly destination: Destination
  readonly model: ServedModel
  readonly zone: Zone
}

/** What of a requirement a candidate does not meet, the first of it; null when it meets all. What is unknown is not met. */
export function unmet(needed: Requirement, candidate: Candidate): RefusedCode | null {
  for (const [isMet, code] of CHECKS) if (!isMet(needed, candidate)) return code
  return null
}

type Check = (needed: Requirement, candidate: Candidate) => boolean

const CHECKS: readonly (readonly [Check, RefusedCode])[] = [
  [({ zones }, { zone }) => !zones || zones.includes(zone), 'zone-not-allowed'],
  [
    ({ jurisdictions }, { destination, zone }) =>
      !jurisdictions || isOwnZone(zone) || jurisdictions.includes(destination.jurisdiction),
    'jurisdiction-not-allowed',
  ],
  [
    ({ destinations }, { destination }) => !destinations || isNamed(destination.id, destinations),
    'destination-not-allowed',
  ],
  [({ models }, { model }) => !models || isNamed(model.name, models), 'model-not-allowed'],
  [
    ({ licences }, { model }) =>
      !licences || (model.licence !== undefined && licences.includes(model.licence)),
    'licence-not-allowed',
  ],
  [
    ({ openness }, { model }) => openness === undefined || (model.openness ?? 0) >= openness,
    'openness-too-low',
  ],
  [
    ({ retentionDays }, { destination, zone }) =>
      retentionDays === undefined ||
      isOwnZone(zone) ||
      (destination.terms?.retentionDays ?? Infinity) <= retentionDays,
    'retention-too-long',
  ],
  [
    ({ training }, { destination, zone }) =>
      training !== false || isOwnZone(zone) || destination.terms?.training === false,
    'training-not-excluded',
  ],
  [
    ({ weights }, { model }) =>
      !weights || model.weights === 'verified' || model.weights === 'approved',
    'weights-not-verified',
  ],
  [
    ({ weights }, { model }) => weights !== 'approved' || model.weights === 'approved',
    'weights-not-approved',
  ],
  [
    ({ maxCvss }, { model }) => maxCvss === undefined || (model.cvss ?? Infinity) <= maxCvss,
    'engine-vulnerable',
  ],
  [
    ({ certifications }, { destination, zone }) =>
      !certifications ||
      isOwnZone(zone) ||
      certifications.every((one) => destination.terms?.certifications?.includes(one) === true),
    'certification-missing',
  ],
]

/** Whether a rule refuses a candidate by name: all that it gives is true of it. One that gives nothing refuses all. */
export const isDenied = (denied: Denial, { destination, model, zone }: Candidate): boolean =>
  (!denied.zones || denied.zones.includes(zone)) &&
  (!denied.jurisdictions || denied.jurisdictions.includes(destination.jurisdiction)) &&
  (!denied.destinations || isNamed(destination.id, denied.destinations)) &&
  (!denied.models || isNamed(model.name, denied.models)) &&
  // a licence that is not known may be the one that is refused
  (!denied.licences || model.licence === undefined || denied.licences.includes(model.licence))
