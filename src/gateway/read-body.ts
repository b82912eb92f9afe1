import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'

/** Why a body was not read, under the code that Fastify gives the same thing. */
class BodyError extends Error {
  readonly code: 'FST_ERR_CTP_BODY_TOO_LARGE' | 'FST_ERR_CTP_INVALID_CONTENT_LENGTH'

  constructor(code: BodyError['code']) {
    super(code)
    this.code = code
  }
}

type Done = (error: Error | null, body?: Uint8Array) => void

/** Collects a body as bytes, up to a limit that is asked for at each request, so that a reload takes effect. */
export const bodyReader =
  (limitBytes: () => number) =>
  (request: FastifyRequest, payload: IncomingMessage, done: Done): void => {
    const limit = limitBytes()
    const declared = Number(request.headers['content-length'])
    if (declared > limit) return done(new BodyError('FST_ERR_CTP_BODY_TOO_LARGE'))
    const pieces: Buffer[] = []
    let received = 0
    const settle = (error: Error | null, body?: Uint8Array): void => {
      payload.off('data', onData)
      payload.off('end', onEnd)
      payload.off('error', onError)
      done(error, body)
    }
    const onData = (piece: Buffer): void => {
      received += piece.length
      if (received > limit) settle(new BodyError('FST_ERR_CTP_BODY_TOO_LARGE'))
      else pieces.push(piece)
    }
    const onEnd = (): void => {
      // absent in a chunked body, where the end is marked
      if (received !== declared && !Number.isNaN(declared))
        settle(new BodyError('FST_ERR_CTP_INVALID_CONTENT_LENGTH'))
      else settle(null, Buffer.concat(pieces, received))
    }
    const onError = (): void => settle(new BodyError('FST_ERR_CTP_INVALID_CONTENT_LENGTH'))
    payload.on('data', onData)
    payload.on('end', onEnd)
    payload.on('error', onError)
    payload.resume()
  }
