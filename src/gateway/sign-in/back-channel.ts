import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bodyReader } from '../read-body.ts'

/** A logout token fits easily; bytes. */
const MAX_BYTES = 16_384

/** Where an identity provider says that somebody has left: `logout_token=...`, a form that no web page may send here. */
export function backChannelRoute(
  fastify: FastifyInstance,
  handle: (request: FastifyRequest, reply: FastifyReply, token: string) => unknown,
): void {
  // a scope of its own: no other route reads such a form
  fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      bodyReader(() => MAX_BYTES),
    )
    scope.post('/api/sign-in/back-channel-logout/:provider', (request, reply) => {
      const text = request.body instanceof Uint8Array ? Buffer.from(request.body).toString() : ''
      return handle(request, reply, new URLSearchParams(text).get('logout_token') ?? '')
    })
    done()
  })
}
