import type { FastifyRequest } from 'fastify'
import { cacheWishes } from '#caches/caching-headers.ts'
import { ZONES } from '#kernel/destination.ts'
import { CLASSES } from '#kernel/label.ts'
import { PRIORITIES } from '#kernel/priority.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Narrowing } from '#kernel/verdict.ts'

/** The headers by which a caller may narrow a verdict: raise the class, keep some zones only. Nothing can widen it. */
export function narrowingOf(request: FastifyRequest): Result<Narrowing, Refusal> {
  const asked = headerOf(request, 'x-ecluse-class')
  const dataClass = CLASSES.find((known) => known === asked)
  if (asked !== undefined && !dataClass)
    return invalid('x-ecluse-class', `one of ${CLASSES.join(', ')}`)
  const listed = headerOf(request, 'x-ecluse-zones')
    ?.split(',')
    .map((zone) => zone.trim())
  const zones = listed?.flatMap((name) => ZONES.filter((zone) => zone === name))
  if (listed && zones?.length !== listed.length) {
    return invalid('x-ecluse-zones', `a list of ${ZONES.join(', ')}`)
  }
  const wished = headerOf(request, 'x-ecluse-priority')
  const priority = PRIORITIES.find((known) => known === wished)
  if (wished !== undefined && !priority) {
    return invalid('x-ecluse-priority', `one of ${PRIORITIES.join(', ')}`)
  }
  const latency = headerOf(request, 'x-ecluse-max-latency-ms')
  const maxLatencyMs = latency === undefined ? undefined : Number(latency)
  if (latency !== undefined && !/^[1-9]\d{0,5}$/.test(latency))
    return invalid('x-ecluse-max-latency-ms', 'milliseconds, 1 to 999999')
  const cache = cacheWishes(headerOf(request, 'cache-control'), headerOf(request, 'pragma'))
  return ok({
    ...(cache ? { cache } : {}),
    ...(dataClass ? { class: dataClass } : {}),
    ...(zones ? { zones } : {}),
    ...(priority ? { priority } : {}),
    ...(maxLatencyMs === undefined ? {} : { maxLatencyMs }),
  })
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected } })
