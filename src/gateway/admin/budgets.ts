import { z } from 'zod'
import { BUDGET_SCOPES, BUDGET_UNITS } from '#budgets/budget.ts'
import type { BudgetState } from '#budgets/clerk.ts'
import { BudgetRow } from '#config/budget-schema.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody, adminQuery } from './body.ts'
import type { AdminRoute } from './routes.ts'

const Query = z.strictObject({
  scope: z.enum(BUDGET_SCOPES).optional(),
  match: z.string().max(200).optional(),
  unit: z.enum(BUDGET_UNITS).optional(),
  state: z.enum(['ok', 'soft', 'hard']).optional(),
})
const PriceQuery = z.strictObject({
  destination: z.string().max(100).optional(),
  model: z.string().max(200).optional(),
  unknown: z.stringbool().optional(),
})
const AlertQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  state: z.enum(['due', 'sent', 'given-up']).optional(),
})

/** Budgets, prices and alerts: what may be spent, what was, and what is told of it. Amounts are whole numbers of the smallest unit. */
export function budgetRoutes(route: AdminRoute, house: GatewayHouse): void {
  const idOf = (params: unknown): string => z.object({ id: z.string() }).parse(params).id
  route('GET', '/budgets', 'budgets.read', async (request, reply, caller) => {
    const query = adminQuery(request, Query)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const { scope, match, unit, state } = query.value
    const all = (await house.budgets.list(caller.tenant)).map(budgetView)
    const budgets = all.filter(
      (one) =>
        (scope === undefined || one.scope === scope) &&
        (match === undefined || one.match === match) &&
        (unit === undefined || one.unit === unit) &&
        (state === undefined || one.state === state),
    )
    return adminAnswer(reply, { budgets })
  })
  route('GET', '/budgets/:id', 'budgets.read', async (request, reply, caller) => {
    const found = await house.budgets.state(caller.tenant, idOf(request.params))
    return found
      ? adminAnswer(reply, budgetView(found))
      : adminRefusal(request, reply, { code: 'not-found' })
  })
  route('PUT', '/budgets/:id', 'budgets.write', async (request, reply, caller) => {
    const id = idOf(request.params)
    const body = adminBody(request, BudgetRow.omit({ id: true }))
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const row = BudgetRow.safeParse({ ...body.value, id })
    if (!row.success) {
      const detail = { expected: 'a-z 0-9 . _ -, 1..64' }
      return adminRefusal(request, reply, { code: 'invalid-value', param: 'id', detail })
    }
    const set = await house.budgets.put(row.data, caller)
    if (!set.ok) return adminRefusal(request, reply, set.error)
    const now = await house.budgets.state(caller.tenant, id)
    return now
      ? adminAnswer(reply, budgetView(now))
      : adminRefusal(request, reply, { code: 'not-found' })
  })
  route('DELETE', '/budgets/:id', 'budgets.write', async (request, reply, caller) => {
    const removed = await house.budgets.remove(idOf(request.params), caller)
    return removed.ok ? reply.code(204).send() : adminRefusal(request, reply, removed.error)
  })
  priceRoute(route, house)
  route('GET', '/alerts', 'budgets.read', async (request, reply, caller) => {
    const query = adminQuery(request, AlertQuery)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const { limit, state } = query.value
    const all = await house.budgets.alerts(caller.tenant, limit)
    const alerts = all
      .filter((alert) => state === undefined || alert.state === state)
      .map(({ id, at, tries, state: is, body }) => ({
        id,
        at,
        tries,
        state: is,
        told: JSON.parse(body) as unknown,
      }))
    return adminAnswer(reply, { alerts })
  })
}

/** Every model that is served with its price; null where none is known, which no budget takes for free. */
function priceRoute(route: AdminRoute, house: GatewayHouse): void {
  route('GET', '/prices', 'prices.read', async (request, reply) => {
    const query = adminQuery(request, PriceQuery)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const { destination: wanted, model: named, unknown } = query.value
    const rows = house.budgets.priceRows()
    const prices = house.gate
      .catalogue()
      .destinations.flatMap((destination) =>
        destination.models.map((model) => {
          const price = house.budgets.priceOf({ destination, model })
          const row = rows.find((one) => one.price === price)
          const source = row?.source ?? (price ? 'destinations' : null)
          const energy = house.budgets.energyOf(destination.id, model.name)
          return { destination: destination.id, model: model.name, price, source, energy }
        }),
      )
      .filter(
        (one) =>
          (wanted === undefined || one.destination === wanted) &&
          (named === undefined || one.model === named) &&
          (unknown === undefined || (one.price === null) === unknown),
      )
    return adminAnswer(reply, { prices })
  })
}

/** A budget and its present period, as the page and the command line show it. */
function budgetView({ budget, period, spent, held, committed }: BudgetState) {
  const { soft, hard } = budget
  const state =
    hard !== null && spent >= hard ? 'hard' : soft !== null && spent >= soft ? 'soft' : 'ok'
  return {
    ...budget,
    state,
    spent,
    held,
    remaining: hard === null ? null : Math.max(0, hard - spent - held),
    /** Of what remains, so much is in the hands of processes. */
    handedOut: Math.max(0, committed - spent - held),
    periodStart: period.start,
    periodEnd: Number.isFinite(period.end) ? period.end : null,
  }
}
