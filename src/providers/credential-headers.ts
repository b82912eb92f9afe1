import type { Auth, Destination, DialectName } from '#kernel/destination.ts'

/** How each dialect takes its key, where the destination does not say. */
const USUAL: Readonly<Record<DialectName, Auth>> = {
  openai: 'bearer',
  anthropic: 'x-api-key',
  ollama: 'bearer',
  gemini: 'x-goog-api-key',
}

/** The headers that carry a destination's key; none without a key. */
export function credentialHeaders(
  destination: Destination,
  credential: string | null,
): Readonly<Record<string, string>> {
  if (credential === null) return {}
  const auth = destination.auth ?? USUAL[destination.dialect]
  return auth === 'bearer' ? { authorization: `Bearer ${credential}` } : { [auth]: credential }
}
