import { z } from 'zod'
import type { Destination } from '#kernel/destination.ts'
import type { AdmissionRowView } from '#models/admission/view.ts'
import { unrecordedView } from '#models/admission/view.ts'
import { ADMISSION_STATES } from '#kernel/admission.ts'
import { dataSetsOf } from '#models/data-sets/data-sets-of.ts'
import { provenanceOfModel } from '#models/provenance/of-model.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminQuery } from './body.ts'
import { idOf, servedBy } from './model-rows.ts'
import { modelSteps } from './model-steps.ts'
import type { AdminRoute } from './routes.ts'

const Filter = z.strictObject({
  state: z.enum(ADMISSION_STATES).optional(),
  /** What the policy can ask for: approved counts as verified too. */
  weights: z.enum(['approved', 'verified', 'unverified']).optional(),
  attested: z.enum(['here', 'reported', 'configured']).optional(),
  format: z.string().max(40).optional(),
  licence: z.enum(['allow', 'allow-with-duties', 'needs-legal', 'block']).optional(),
  /** Only those that may serve nothing, or only those that may. */
  stopped: z.enum(['true', 'false']).optional(),
  /** Part of the name or the source, or the beginning of the digest. */
  text: z.string().max(200).optional(),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
})
type Filter = z.infer<typeof Filter>

const TaskFilter = z.strictObject({
  model: z.string().max(200).optional(),
  kind: z.string().max(40).optional(),
  what: z.enum(['duty', 'clear', 'blocked', 'later']).optional(),
})

/** Which weights there are, where they stand, and the steps of their admission. */
export function modelRoutes(route: AdminRoute, house: GatewayHouse): void {
  const { models } = house
  const catalogue = (): readonly Destination[] => house.gate.catalogue().destinations
  route('GET', '/models', 'models.read', async (request, reply) => {
    const filter = adminQuery(request, Filter)
    if (!filter.ok) return adminRefusal(request, reply, filter.error)
    const rows = (await models.list()).map((row) => servedBy(row, catalogue()))
    const all = [...rows, ...configuredOnly(catalogue())].toSorted(byPlace)
    const found = all.filter((row) => isWanted(row, filter.value))
    const page = found.slice(0, filter.value.limit)
    const last = page.at(-1)
    return adminAnswer(reply, {
      models: page,
      next: found.length > page.length && last ? placeOf(last) : null,
    })
  })
  route('GET', '/models/key', 'models.read', async (_request, reply) =>
    adminAnswer(reply, models.key()),
  )
  route('GET', '/models/tasks', 'models.read', async (request, reply) => {
    const filter = adminQuery(request, TaskFilter)
    if (!filter.ok) return adminRefusal(request, reply, filter.error)
    const { model, kind, what } = filter.value
    // nothing is asked of no model: that would read as a yes
    if (model !== undefined && (await models.get(model)) === null)
      return adminRefusal(request, reply, { code: 'not-found', param: 'model' })
    const tasks = (await models.tasks()).filter(
      (one) =>
        (model === undefined || one.model === model || one.digest === model) &&
        (kind === undefined || one.kind === kind) &&
        (what === undefined || one.what === what),
    )
    return adminAnswer(reply, { tasks })
  })
  route('GET', '/models/notice', 'models.read', async (_request, reply) =>
    adminAnswer(reply, { notice: await models.notice() }),
  )
  route('GET', '/models/:id', 'models.read', async (request, reply) => {
    const found = await models.get(idOf(request))
    return found
      ? adminAnswer(reply, servedBy(found, catalogue()))
      : adminRefusal(request, reply, NOT_FOUND)
  })
  route('GET', '/models/:id/signature', 'models.read', async (request, reply) => {
    const bundle = await models.signature(idOf(request))
    return bundle === null
      ? adminRefusal(request, reply, NOT_FOUND)
      : adminAnswer(reply, { bundle })
  })
  // it signs: more than reading
  route('POST', '/models/:id/export', 'models.write', async (request, reply) => {
    const signed = await models.signedRecord(idOf(request))
    return signed === null ? adminRefusal(request, reply, NOT_FOUND) : adminAnswer(reply, signed)
  })
  route('GET', '/models/:id/provenance', 'models.read', async (request, reply, caller) => {
    const id = idOf(request)
    const known = await models.get(id)
    const name = known?.name ?? id
    // who may not read the register is told that it was not looked at, never that there is nothing
    const all = caller.permissions.includes('datasets.read') ? await house.dataSets.all() : null
    const meant = { names: [id, name], digests: [known?.digest ?? null] }
    const found = provenanceOfModel(name, [], all && dataSetsOf(all, meant))
    return found ? adminAnswer(reply, found) : adminRefusal(request, reply, NOT_FOUND)
  })
  modelSteps(route, house)
}

const NOT_FOUND = { code: 'not-found', param: 'id' } as const

/** Weights that only the configuration vouches for: nobody here has seen them. */
const configuredOnly = (destinations: readonly Destination[]): readonly AdmissionRowView[] =>
  destinations.flatMap(({ id, models }) =>
    models.flatMap(({ name, weights, attested, digest }) =>
      attested === 'configured' && weights !== undefined && digest === undefined
        ? [
            unrecordedView({
              name,
              digest: null,
              weights,
              isHere: false,
              served: [{ destination: id, model: name, attested }],
            }),
          ]
        : [],
    ),
  )

/** By name; equal names by what serves or is. */
const placeOf = ({ name, digest, served }: AdmissionRowView): string =>
  `${name} ${digest ?? served[0]?.destination ?? ''}`
const byPlace = (a: AdmissionRowView, b: AdmissionRowView): number =>
  placeOf(a) < placeOf(b) ? -1 : 1

function isWanted(row: AdmissionRowView, filter: Filter): boolean {
  const { state, weights, attested, format, licence, stopped, text, after } = filter
  if (after !== undefined && placeOf(row) <= after) return false
  if (state !== undefined && (row.state ?? 'quarantined') !== state) return false
  if (weights !== undefined && row.weights !== weights)
    if (weights !== 'verified' || row.weights !== 'approved') return false
  if (attested !== undefined && !row.served.some((one) => one.attested === attested)) return false
  if (format !== undefined && row.format !== format) return false
  if (licence !== undefined && row.licence?.verdict !== licence) return false
  if (stopped !== undefined && (row.stopped !== null) !== (stopped === 'true')) return false
  if (text === undefined) return true
  const hex = text.toLowerCase().replace(/^sha256:/, '')
  return (
    row.name.includes(text) ||
    row.digest?.startsWith(hex) === true ||
    row.source?.reference.includes(text) === true
  )
}
