import type { FastifyRequest } from 'fastify'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { ANTHROPIC_VERSION } from '#protocols/anthropic/betas.ts'
import { countTokensSurface } from '#protocols/anthropic/count-tokens.ts'
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
      const betas = betasOf(request)
      if (!betas.ok) return betas
      const read = readMessagesRequest(body)
      return read.ok ? ok(messagesSurface(read.value, naming.id, betas.value)) : read
    },
  },
  {
    method: 'POST',
    url: '/v1/messages/count_tokens',
    errors: anthropicErrors,
    read(body, _naming, request) {
      const betas = betasOf(request)
      if (!betas.ok) return betas
      const read = readCountRequest(body)
      return read.ok ? ok(countTokensSurface(read.value, betas.value)) : read
    },
  },
]

/** The betas a caller asks for; a missing version is taken as the one there is, another one is refused. */
function betasOf(request: FastifyRequest): Result<readonly string[], Refusal> {
  const version = request.headers['anthropic-version']
  if (version !== undefined && version !== ANTHROPIC_VERSION) {
    const detail = { expected: ANTHROPIC_VERSION }
    return err({ code: 'invalid-value', param: 'anthropic-version', detail })
  }
  const asked = request.headers['anthropic-beta']
  const listed = Array.isArray(asked) ? asked.join(',') : (asked ?? '')
  const names = listed.split(',').map((name) => name.trim())
  return ok(names.filter((name) => name !== ''))
}
