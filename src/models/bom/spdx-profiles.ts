import type { JsonObject } from '#kernel/canonical-json.ts'

/** Profiles of SPDX 3.0.1 that ask more of each package than others do. */
export const PACKAGE_PROFILES = ['ai', 'dataset'] as const
export type PackageProfile = (typeof PACKAGE_PROFILES)[number]

/** What each profile asks of every package of its kind (the cardinalities of its class; its licences are always told). */
const ASKED: Readonly<Record<PackageProfile, readonly string[]>> = {
  ai: [
    'suppliedBy',
    'software_downloadLocation',
    'software_packageVersion',
    'software_primaryPurpose',
    'releaseTime',
  ],
  dataset: [
    'originatedBy',
    'software_downloadLocation',
    'software_primaryPurpose',
    'releaseTime',
    'builtTime',
    'dataset_datasetType',
  ],
}

/** Fields that a profile asks for and a package does not have: SPDX has no word for "not known" in any of them. */
export const lacking = (profile: PackageProfile, fields: JsonObject): readonly string[] =>
  ASKED[profile].filter((name) => fields[name] === undefined)
