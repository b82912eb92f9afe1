/** Identities that may sign, as text between stars: `*` is anything but `/`, `**` anything at all. */
export interface IdentityPattern {
  readonly text: string
  readonly parts: readonly string[]
}

/** The longest pattern that is read, characters. */
const LONGEST = 500
/** The longest identity that is looked at, characters: a certificate of Sigstore holds a few hundred. */
const LONGEST_IDENTITY = 4096

/**
 * A pattern, matched against a whole identity. Null where it says too little to name somebody: it must begin with a
 * scheme and host, or end in the domain of an address.
 */
export function readIdentityPattern(text: string): IdentityPattern | null {
  const names = /^[a-z][a-z0-9+.-]*:\/\/[^*/]+\//i.test(text) || /@[^*@/]+\.[^*@/.]+$/.test(text)
  if (!names || text.length > LONGEST || text.includes('***')) return null
  return {
    text,
    parts: text
      .split(/(\*{1,2})/)
      .flatMap((part) => (part.startsWith('*') ? [part] : Array.from(part))),
  }
}

/** Whether an identity is one of the pattern: every place in the pattern is followed at once, so that time is bounded. */
export function matchesIdentity({ parts }: IdentityPattern, identity: string): boolean {
  if (identity.length > LONGEST_IDENTITY) return false
  let places = pastStars(new Set([0]), parts)
  for (const character of identity) {
    const next = new Set<number>()
    for (const place of places) {
      const part = parts[place]
      if (part === character) next.add(place + 1)
      else if (part === '**' || (part === '*' && character !== '/')) next.add(place)
    }
    if (next.size === 0) return false
    places = pastStars(next, parts)
  }
  return places.has(parts.length)
}

/** A star may stand for nothing. */
function pastStars(places: Set<number>, parts: readonly string[]): Set<number> {
  for (const place of places) {
    const part = parts[place]
    if (part === '*' || part === '**') places.add(place + 1)
  }
  return places
}
