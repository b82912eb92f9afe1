import type { FastifyRequest } from 'fastify'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { countTokensSurface } from '#protocols/anthropic/count-tokens.ts'
import {
  ANTHROPIC_VERSIONS,
  USUAL_VERSION,
  type CallerHeaders,
} from '#protocols/anthropic/headers.ts'
import { readCountRequest, readMessagesRequest } from '#protocols/anthropic/request.ts'
import { messagesSurface } from '#protocols/anthropic/surface.ts'
import { anthropicErrors } from './anthropic-errors.ts'
import type { SurfaceRoute } from './surface-route.ts'

/** The Anthropic surfaces. */
export const anthropicRoutes: readonly SurfaceRoute[] = [
  {
    method: 'POST',
    url: '/v1/messages',
    errors: anthropicErrors,
    read(body, naming, request) {
      const headers = headersOf(request)
      if (!headers.ok) return headers
      const read = readMessagesRequest(body)
      return read.ok ? ok(messagesSurface(read.value, naming.id, headers.value)) : read
    },
  },
  {
    method: 'POST',
    url: '/v1/messages/count_tokens',
    errors: anthropicErrors,
    read(body, _naming, request) {
      const headers = headersOf(request)
      if (!headers.ok) return headers
      const read = readCountRequest(body)
      return read.ok ? ok(countTokensSurface(read.value, headers.value)) : read
    },
  },
]

/** The version and the betas a caller asks for; a missing version is the usual one, an unknown one is refused. */
function headersOf(request: FastifyRequest): Result<CallerHeaders, Refusal> {
  const named = request.headers['anthropic-version'] ?? USUAL_VERSION
  const version = ANTHROPIC_VERSIONS.find((known) => known === named)
  if (version === undefined) {
    const detail = { expected: `one of ${ANTHROPIC_VERSIONS.join(', ')}` }
    return err({ code: 'invalid-value', param: 'anthropic-version', detail })
  }
  const asked = request.headers['anthropic-beta']
  const listed = Array.isArray(asked) ? asked.join(',') : (asked ?? '')
  const betas = listed.split(',').map((name) => name.trim())
  return ok({ version, betas: betas.filter((name) => name !== '') })
}
