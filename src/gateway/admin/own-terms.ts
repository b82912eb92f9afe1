import { z } from 'zod'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OwnChange } from '#classify/own-terms/change-own.ts'
import { OWN_ID } from '#classify/own-terms/encode.ts'
import { MATCHES } from '#classify/own-terms/own-terms.ts'
import type { Caller } from '#kernel/exchange.ts'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import { preferredLanguage } from '#kernel/language.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody } from './body.ts'
import type { AdminRoute } from './routes.ts'

const meaning = {
  owner: z.string().max(100).default(''),
  class: z.enum(CLASSES).default('confidential'),
  category: z.enum(CATEGORIES).default('company'),
}
const List = z.strictObject({ ...meaning, match: z.enum(MATCHES).default('inflected') })
const Terms = z.strictObject({ terms: z.array(z.string()).min(1).max(500_000) })
const Term = z.strictObject({ term: z.string().min(1) })
const Pattern = z.strictObject({
  ...meaning,
  source: z.string().min(1),
  ignoreCase: z.boolean().default(false),
})
const Document = z.strictObject({ ...meaning, text: z.string().min(1) })

/** The company's own terms, patterns and documents: what they mean is shown, what they are never is. */
export function ownTermsRoutes(route: AdminRoute, house: GatewayHouse): void {
  const change = (request: FastifyRequest, reply: FastifyReply, caller: Caller, what: OwnChange) =>
    changed(house, request, reply, caller, what)
  route('GET', '/terms', 'terms.read', async (request, reply) => {
    const view = house.ownTerms.view()
    return view
      ? adminAnswer(reply, view)
      : adminRefusal(request, reply, { code: 'internal-error' })
  })
  route('PUT', '/terms/lists/:id', 'terms.write', async (request, reply, caller) => {
    const body = adminBody(request, List)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const list = { ...body.value, id: idOf(request) }
    return change(request, reply, caller, { kind: 'put-list', list })
  })
  route('POST', '/terms/lists/:id/terms', 'terms.write', async (request, reply, caller) => {
    const body = adminBody(request, Terms)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const { terms } = body.value
    return change(request, reply, caller, { kind: 'add-terms', id: idOf(request), terms })
  })
  route('POST', '/terms/lists/:id/remove', 'terms.write', async (request, reply, caller) => {
    const body = adminBody(request, Term)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const { term } = body.value
    return change(request, reply, caller, { kind: 'remove-term', id: idOf(request), term })
  })
  route('DELETE', '/terms/lists/:id', 'terms.write', async (request, reply, caller) =>
    change(request, reply, caller, { kind: 'remove-list', id: idOf(request) }),
  )
  route('PUT', '/terms/patterns/:id', 'terms.write', async (request, reply, caller) => {
    const body = adminBody(request, Pattern)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const pattern = { ...body.value, id: idOf(request) }
    return change(request, reply, caller, { kind: 'put-pattern', pattern })
  })
  route('DELETE', '/terms/patterns/:id', 'terms.write', async (request, reply, caller) =>
    change(request, reply, caller, { kind: 'remove-pattern', id: idOf(request) }),
  )
  route('PUT', '/documents/:id', 'terms.write', async (request, reply, caller) => {
    const body = adminBody(request, Document)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const { text, ...rest } = body.value
    const what = {
      kind: 'register-document',
      meaning: { ...rest, id: idOf(request) },
      text,
    } as const
    return change(request, reply, caller, what)
  })
  route('DELETE', '/documents/:id', 'terms.write', async (request, reply, caller) =>
    change(request, reply, caller, { kind: 'remove-document', id: idOf(request) }),
  )
}

const idOf = (request: FastifyRequest): string =>
  z.object({ id: z.string() }).parse(request.params).id

async function changed(
  house: GatewayHouse,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  what: OwnChange,
): Promise<FastifyReply> {
  if (!OWN_ID.test(idOf(request))) {
    const expected = 'a-z 0-9 -, 1..60'
    return adminRefusal(request, reply, {
      code: 'invalid-value',
      param: 'id',
      detail: { expected },
    })
  }
  const language = preferredLanguage(request.headers['accept-language'])
  const made = await house.ownTerms.change(what, caller.keyId, language)
  if (!made.ok) return adminRefusal(request, reply, made.error)
  const { added } = made.value
  return adminAnswer(reply, { version: house.ownTerms.view()?.version ?? '', ...added })
}
