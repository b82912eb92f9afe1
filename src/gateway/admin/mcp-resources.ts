import { z } from 'zod'
import { listResources, listResourceTemplates, readResource } from '#models/mcp/resources.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminQuery } from './body.ts'
import type { AdminRoute } from './routes.ts'

const Page = z.strictObject({ cursor: z.string().max(200).optional() })
const Asked = z.strictObject({ uri: z.string().max(1_000) })

/** What is known of models as resources of the Model Context Protocol: the very results that a server of it hands on. */
export function mcpResourceRoutes(route: AdminRoute, house: GatewayHouse): void {
  route('GET', '/mcp/resources', 'models.read', async (request, reply) => {
    const query = adminQuery(request, Page)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const page = listResources(query.value.cursor)
    return page === null
      ? adminRefusal(request, reply, {
          code: 'invalid-value',
          param: 'cursor',
          detail: { expected: 'the nextCursor of a page' },
        })
      : adminAnswer(reply, page)
  })
  route('GET', '/mcp/resources/templates', 'models.read', async (_request, reply) =>
    adminAnswer(reply, listResourceTemplates()),
  )
  route('GET', '/mcp/resources/read', 'models.read', async (request, reply) => {
    const query = adminQuery(request, Asked)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const found = readResource(query.value.uri, await house.indexes())
    if (found.ok) return adminAnswer(reply, found.value)
    return adminRefusal(
      request,
      reply,
      found.error === 'unknown'
        ? { code: 'not-found', param: 'uri' }
        : {
            code: 'invalid-value',
            param: 'uri',
            detail: { expected: 'ecluse://models/NAME/provenance, openness or licence' },
          },
    )
  })
}
