import type { Caller } from '#kernel/exchange.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { KeyLimits } from '#kernel/verdict.ts'
import { mayAskFor } from '#policy/key-limits.ts'
import type { Catalogue } from '#policy/document.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'

/** Names of a list that a refusal quotes. */
const SHOWN = 8

/** What the caller's key forbids whatever the text says: the surface, the model. Nothing is classified for it. */
export function barredByKey(
  { restrictions: { surfaces, models } }: Caller,
  request: Pick<SurfaceRequest, 'surface' | 'requestedModel'>,
  catalogue: Catalogue,
): Refusal | null {
  if (surfaces && !surfaces.includes(request.surface)) {
    const detail = { surface: request.surface, allowed: shown(surfaces) }
    return { code: 'surface-not-allowed', detail }
  }
  if (!models || mayAskFor(request.requestedModel, models, catalogue)) return null
  return { code: 'model-not-allowed', param: 'model', detail: { allowed: shown(models) } }
}

/** What the key says of where the request may go; null when it says nothing. */
export function limitsOf({ restrictions }: Caller): KeyLimits | null {
  const { models, maxClass, zones } = restrictions
  return models === null && maxClass === null && zones === null ? null : { models, maxClass, zones }
}

const shown = (names: readonly string[]): string =>
  names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ' ...' : '')
