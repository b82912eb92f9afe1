import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { preferredLanguage } from '#kernel/language.ts'
import { PAGE_HEADERS } from './perimeter.ts'
import type { GatewayHouse, PageFile } from './ports.ts'

/** Serves the built page from memory: a path is a key of a map, so there is no way out of the folder. */
export function servePage(fastify: FastifyInstance, house: GatewayHouse): void {
  fastify.get('/', (request, reply) => answer(house, request, reply, '/index.html'))
  fastify.get('/assets/*', (request, reply) => answer(house, request, reply, pathOf(request)))
  fastify.get('/favicon.svg', (request, reply) => answer(house, request, reply, '/favicon.svg'))
  // a screen of the page is a path of its own; the page itself tells an unknown one
  fastify.get('/app/*', (request, reply) => answer(house, request, reply, '/index.html'))
}

const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? '/'

function answer(
  house: GatewayHouse,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
): FastifyReply {
  void reply.headers(PAGE_HEADERS)
  const page = house.page()
  if (page.state !== 'ready') return waiting(request, reply, page.state)
  const file = page.files.get(path)
  return file ? send(reply, file) : reply.code(404).type('text/plain; charset=utf-8').send('404')
}

const send = (reply: FastifyReply, file: PageFile): FastifyReply =>
  reply
    .header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    .type(file.type)
    .send(file.bytes)

/** The API answers before the page is built; this one asks again by itself. */
function waiting(
  request: FastifyRequest,
  reply: FastifyReply,
  state: 'building' | 'absent',
): FastifyReply {
  const language = preferredLanguage(request.headers['accept-language'])
  const text = WAITING[state][language]
  return reply
    .code(503)
    .header('retry-after', '3')
    .header('refresh', '3')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html lang="${language}"><title>Écluse</title><h1>Écluse</h1><p>${text}</p></html>`,
    )
}

const WAITING = {
  building: {
    en: 'The page is being built; the API already answers. This takes about half a minute, once.',
    fr: "La page est en construction ; l'API répond déjà. Cela prend environ une demi-minute, une seule fois.",
  },
  absent: {
    en: 'The page is not built; the API answers. Build it with <code>npm run build:web</code>.',
    fr: "La page n'est pas construite ; l'API répond. Construisez-la avec <code>npm run build:web</code>.",
  },
} as const
