import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Exchange } from '#kernel/exchange.ts'
import { preferredLanguage } from '#kernel/language.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { parseJsonBody } from '#protocols/json-body.ts'
import { readChatRequest } from '#protocols/openai-chat/request.ts'
import { chatSurface } from '#protocols/openai-chat/surface.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import { callerWith } from './credentials.ts'
import { narrowingOf } from './narrowing.ts'
import { openAiReply, writeRefusal } from './reply.ts'
import type { GatewayHouse, GatewaySettings } from './ports.ts'

/** `POST /v1/chat/completions`: reads the request, hands it to the pipeline, and tells it when the caller leaves. */
export async function openAiChat(
  house: GatewayHouse,
  settings: GatewaySettings,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  reply.hijack()
  const { raw } = reply
  const receivedAt = house.clock()
  const language = preferredLanguage(request.headers['accept-language'])
  const told = { requestId: request.id, language }
  const left = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) left.abort()
  })
  try {
    const read = await readExchange(house, settings, request)
    if (!read.ok) return writeRefusal(raw, read.error, told)
    const exchange: Exchange = { id: request.id, receivedAt, language, ...read.value.exchange }
    await house.serve(
      exchange,
      read.value.surface,
      openAiReply(raw, request.id, language),
      left.signal,
    )
  } catch (error) {
    house.log('error', { code: 'internal-error', request: request.id, name: nameOf(error) })
    if (raw.headersSent) raw.destroy()
    else writeRefusal(raw, { code: 'internal-error' }, told)
  }
}

interface Read {
  readonly exchange: Pick<Exchange, 'caller' | 'narrowing'>
  readonly surface: SurfaceRequest
}

async function readExchange(
  house: GatewayHouse,
  settings: GatewaySettings,
  request: FastifyRequest,
): Promise<Result<Read, Refusal>> {
  const caller = await callerWith('inference', request, house.identity)
  if (!caller.ok) return caller
  const narrowing = narrowingOf(request)
  if (!narrowing.ok) return narrowing
  if (!(request.body instanceof Uint8Array)) return err({ code: 'unsupported-media-type' })
  const body = parseJsonBody(request.body, settings.depth)
  if (!body.ok) return body
  const chat = readChatRequest(body.value)
  if (!chat.ok) return chat
  return ok({
    exchange: { caller: caller.value, narrowing: narrowing.value },
    surface: chatSurface(chat.value),
  })
}

/** The class of an unexpected error; its message could quote what was being handled. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
