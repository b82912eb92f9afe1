/** A Python package, and its version where that matters. */
export interface PackageReference {
  /** As it is written in addresses: lower case, `-` for whatever stands between words (PEP 503). */
  readonly name: string
  readonly version: string | null
}

/** `NAME` or `NAME==VERSION`; null when it is neither. */
export function readPackageReference(text: string): PackageReference | null {
  const match =
    /^([A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?)(?:==([A-Za-z0-9][\w.!+-]{0,63}))?$/.exec(
      text,
    )
  const [, name, version = null] = match ?? []
  return name === undefined ? null : { name: plainName(name), version }
}

export const plainName = (name: string): string => name.replaceAll(/[-_.]+/g, '-').toLowerCase()

/** How a package is written in messages: `name==version`. */
export const shownPackage = ({ name, version }: PackageReference): string =>
  version === null ? name : `${name}==${version}`
