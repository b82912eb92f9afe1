import { z } from 'zod'
import { CLASSES } from '#kernel/label.ts'
import { dataSetsOf } from '#models/data-sets/data-sets-of.ts'
import {
  DATA_SET_USES,
  dataSetId,
  DataSetFields,
  parseDataSetId,
  PERSONAL_DATA,
  type DataSet,
} from '#models/data-sets/data-set.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody, adminQuery } from './body.ts'
import { idOf } from './model-rows.ts'
import type { AdminRoute } from './routes.ts'

const Filter = z.strictObject({
  /** Part of the name, the origin, the publisher or the location. */
  text: z.string().max(200).optional(),
  /** Name or digest of a model that was made or measured with it. */
  model: z.string().max(300).optional(),
  use: z.enum(DATA_SET_USES).optional(),
  licence: z.string().max(200).optional(),
  class: z.enum(CLASSES).optional(),
  personal: z.enum(PERSONAL_DATA).optional(),
  after: z.string().max(250).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
})
type Filter = z.infer<typeof Filter>

/** Whether what is registered already may be replaced. */
const Put = z.strictObject({ replace: z.enum(['true', 'false']).default('false') })

/** `/api/datasets`: the company's own data sets, and what was made with them. */
export function dataSetRoutes(route: AdminRoute, { dataSets }: GatewayHouse): void {
  route('GET', '/datasets', 'datasets.read', async (request, reply) => {
    const filter = adminQuery(request, Filter)
    if (!filter.ok) return adminRefusal(request, reply, filter.error)
    const found = (await dataSets.all()).filter((one) => isWanted(one, filter.value))
    const page = found.slice(0, filter.value.limit)
    const last = page.at(-1)
    return adminAnswer(reply, {
      dataSets: page,
      next: found.length > page.length && last ? dataSetId(last) : null,
    })
  })
  route('GET', '/datasets/:id', 'datasets.read', async (request, reply) => {
    const id = idOf(request)
    const found = (await dataSets.all()).find((one) => dataSetId(one) === id)
    return found
      ? adminAnswer(reply, found)
      : adminRefusal(request, reply, { code: 'not-found', param: 'id' })
  })
  route('PUT', '/datasets/:id', 'datasets.write', async (request, reply, caller) => {
    const [body, query] = [adminBody(request, DataSetFields), adminQuery(request, Put)]
    if (!query.ok) return adminRefusal(request, reply, query.error)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const replaces = query.value.replace === 'true'
    const done = await dataSets.put(idOf(request), body.value, replaces, caller.keyId)
    return done.ok
      ? adminAnswer(reply, { ...done.value.dataSet, isNew: done.value.isNew })
      : adminRefusal(request, reply, done.error)
  })
  route('DELETE', '/datasets/:id', 'datasets.write', async (request, reply, caller) => {
    const done = await dataSets.remove(idOf(request), caller.keyId)
    return done.ok
      ? adminAnswer(reply, { id: idOf(request) })
      : adminRefusal(request, reply, done.error)
  })
}

function isWanted(one: DataSet, filter: Filter): boolean {
  const { text, model, use, licence, class: wanted, personal, after } = filter
  if (after !== undefined && !isAfter(one, after)) return false
  if (licence !== undefined && one.licence !== licence) return false
  if (wanted !== undefined && one.class !== wanted) return false
  if (personal !== undefined && one.personalData !== personal) return false
  const uses =
    model === undefined ? null : dataSetsOf([one], { names: [model], digests: [bare(model)] })
  if (uses?.length === 0) return false
  if (use !== undefined && !(uses ?? one.models).some((each) => each.use === use)) return false
  if (text === undefined) return true
  const words = [dataSetId(one), one.origin, one.publisher, one.location]
  return words.some((word) => word?.toLowerCase().includes(text.toLowerCase()) === true)
}

const bare = (digest: string): string => digest.toLowerCase().replace(/^sha256:/, '')

/** In the order of the list: by name, then by version. */
function isAfter({ name, version }: DataSet, id: string): boolean {
  const last = parseDataSetId(id)
  if (last === null) return true
  return name === last.name ? version > last.version : name > last.name
}
