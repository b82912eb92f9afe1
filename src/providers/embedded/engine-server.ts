import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import { answerChat } from './answer-chat.ts'
import { answerEmbeddings } from './answer-embeddings.ts'
import { decidedFor, placeOf, unloadNamed } from './exact-weights.ts'
import { sendJson, sendRefusal, weightsOf, type Exchange, type ServerPorts } from './http-answer.ts'
import { readJson } from './http-body.ts'

type Handler = (ports: ServerPorts, exchange: Exchange) => Promise<void>

const ROUTES: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  '/v1/chat/completions': { POST: chat },
  '/v1/embeddings': { POST: embeddings },
  '/v1/models': { GET: listModels },
  '/health': { GET: async (_, { response }) => sendJson(response, 200, { status: 'ok' }) },
  '/ps': { GET: status },
  '/load': { POST: load },
  '/unload': { POST: unload },
}

/** The engine's HTTP server, not yet listening. */
export const engineServer = (ports: ServerPorts): Server =>
  createServer((request, response) => {
    const left = new AbortController()
    response.on('close', () => {
      if (!response.writableFinished) left.abort(new Error('the caller left'))
    })
    const exchange = { request, response, signal: left.signal }
    route(ports, exchange).catch(() => {
      // The caller has left, or this is a bug: its text could quote a prompt and goes nowhere.
      if (!left.signal.aborted) sendRefusal(response, { code: 'internal-error' })
    })
  })

async function route(ports: ServerPorts, exchange: Exchange): Promise<void> {
  const path = (exchange.request.url ?? '').split('?', 1)[0] ?? ''
  const methods = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined
  if (methods === undefined) return sendRefusal(exchange.response, { code: 'not-found' })
  const handler = methods[exchange.request.method ?? '']
  if (handler === undefined) {
    const allowed = Object.keys(methods).join(', ')
    return sendRefusal(exchange.response, { code: 'method-not-allowed', detail: { allowed } })
  }
  await handler(ports, exchange)
}

async function chat(ports: ServerPorts, exchange: Exchange): Promise<void> {
  const body = await readJson(exchange.request)
  if (!body.ok) return sendRefusal(exchange.response, body.error)
  await answerChat(ports, exchange, body.value)
}

async function embeddings(ports: ServerPorts, exchange: Exchange): Promise<void> {
  const body = await readJson(exchange.request)
  if (!body.ok) return sendRefusal(exchange.response, body.error)
  await answerEmbeddings(ports, exchange, body.value)
}

async function listModels(ports: ServerPorts, { response }: Exchange): Promise<void> {
  const stored = await ports.models.list()
  sendJson(response, 200, {
    object: 'list',
    data: stored.map(({ name, created }) => ({
      id: name,
      object: 'model',
      created,
      owned_by: 'ecluse',
    })),
  })
}

async function status(ports: ServerPorts, { response }: Exchange): Promise<void> {
  const { models, ...rest } = ports.core.status()
  const encoders = ports.embeddings.status()
  sendJson(response, 200, { ...rest, models: [...models, ...encoders], process: ports.process() })
}

async function load(ports: ServerPorts, exchange: Exchange): Promise<void> {
  const { response, signal } = exchange
  const name = await nameGiven(exchange.request)
  if (!name.ok) return sendRefusal(response, name.error)
  const found = await ports.models.find(name.value)
  const stored = found.ok ? decidedFor(found.value, weightsOf(exchange)) : found
  if (!stored.ok) return sendRefusal(response, stored.error)
  const { host } = stored.value.task === 'embeddings' ? ports.embeddings : ports.core
  const place = placeOf(stored.value)
  const used = await host.use(place, signal)
  if (!used.ok) return sendRefusal(response, used.error)
  host.release(place)
  sendJson(response, 200, { model: stored.value.name, loaded: true })
}

/** Also of a model that the store has no more, or has other weights of by now. */
async function unload(ports: ServerPorts, { request, response }: Exchange): Promise<void> {
  const given = await nameGiven(request)
  if (!given.ok) return sendRefusal(response, given.error)
  const stored = await ports.models.find(given.value)
  const name = stored.ok ? stored.value.name : given.value
  let gone = 0
  for (const { host } of [ports.core, ports.embeddings]) {
    const unloaded = await unloadNamed(host, name)
    if (!unloaded.ok) return sendRefusal(response, unloaded.error)
    gone += unloaded.value
  }
  if (!stored.ok && gone === 0) return sendRefusal(response, stored.error)
  sendJson(response, 200, { model: name, loaded: false })
}

async function nameGiven(request: IncomingMessage): Promise<Result<string, Refusal>> {
  const body = await readJson(request)
  if (!body.ok) return body
  const { value } = body
  const given = typeof value === 'object' && value !== null && 'model' in value ? value.model : ''
  return typeof given === 'string' && given !== ''
    ? ok(given)
    : { ok: false, error: { code: 'missing-field', param: 'model' } }
}
