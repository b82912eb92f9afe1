/** What can be read of a model. */
export const RESOURCE_KINDS = ['provenance', 'openness', 'licence'] as const
export type ResourceKind = (typeof RESOURCE_KINDS)[number]

/** RFC 6570, level 1: the name is percent-encoded, slashes included. */
export const templateOf = (kind: ResourceKind): string => `ecluse://models/{name}/${kind}`

export const uriOf = (name: string, kind: ResourceKind): string =>
  `ecluse://models/${encodeURIComponent(name)}/${kind}`

/** Characters; names of repositories are shorter. */
const LONGEST = 1_000

/** The name and the kind that a URI asks for; null when it is none of ours. */
export function parseResourceUri(
  uri: string,
): { readonly name: string; readonly kind: ResourceKind } | null {
  if (uri.length > LONGEST) return null
  const found = /^ecluse:\/\/models\/([^/?#]+)\/([a-z]+)$/.exec(uri)
  const kind = RESOURCE_KINDS.find((one) => one === found?.[2])
  if (found?.[1] === undefined || kind === undefined) return null
  try {
    return { name: decodeURIComponent(found[1]), kind }
  } catch {
    return null
  }
}
