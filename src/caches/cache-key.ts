import { createHmac, type KeyObject } from 'node:crypto'
import { canonicalJson, type JsonObject, type JsonValue } from '#kernel/canonical-json.ts'
import type { Caller, RequestLikeness } from '#kernel/exchange.ts'
import type { Verdict } from '#kernel/verdict.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import type { CacheSettings } from './settings.ts'

/** Digest of all that an answer depends on, and of all that decides who may have it; hexadecimal. */
export type CacheKey = string & { readonly unit: 'cache key' }

/** What two requests must have in common for one answer. */
export interface Alike {
  readonly caller: Caller
  readonly verdict: Verdict
  readonly request: Pick<SurfaceRequest, 'surface' | 'requestedModel' | 'stream'>
  readonly likeness: RequestLikeness
}

/**
 * The key of a request: tenant, team, application and what the key narrows, label, duties, policy and catalogue version,
 * the destinations that are allowed, surface, path, model and the whole body. Two that differ in any of it share nothing.
 */
export const cacheKey = (
  key: KeyObject,
  alike: Alike,
  { per }: Pick<CacheSettings, 'per'>,
  kind: 'exact' | 'semantic' = 'exact',
): CacheKey => digest(key, { kind, ...material(alike, per) })

function material({ caller, verdict, request, likeness }: Alike, per: CacheSettings['per']) {
  const { label, allowed, duties, policyVersion, catalogueVersion } = verdict
  const { tenant, team, application, purpose, restrictions, keyId } = caller
  // a key that belongs to nobody shares with nobody
  const isAlone = per === 'key' || (team === null && application === null)
  return {
    v: 1,
    tenant,
    team,
    application,
    purpose,
    own: isAlone ? keyId : null,
    limits: canonicalJson(restrictions as unknown as JsonObject),
    class: label.class,
    categories: [...label.categories].toSorted(),
    duties: canonicalJson(duties as unknown as JsonObject),
    policy: policyVersion,
    catalogue: catalogueVersion,
    allowed: allowed
      .map(({ destination, model, zone }) => [destination.id, model.name, model.upstream, zone])
      .map((choice) => choice.join('\n'))
      .toSorted(),
    surface: request.surface,
    stream: request.stream,
    model: request.requestedModel,
    path: likeness.path,
    headers: likeness.headers,
    body: likeness.body,
  }
}

/** HMAC-SHA256 of the canonical JSON: equal texts cannot be told from outside, nor tried out. */
const digest = (key: KeyObject, value: JsonValue): CacheKey =>
  createHmac('sha256', key).update(canonicalJson(value)).digest('hex') as CacheKey
