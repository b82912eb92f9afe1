import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { shippedCatalogue, type Family } from '#models/catalogue/family.ts'
import { findFamily } from '#models/catalogue/find-family.ts'
import { catalogueRow } from '#models/openness-index/catalogue-row.ts'
import type { ImportedIndexes } from '#models/openness-index/index-file.ts'
import { jsonOfView, viewsNamed, viewsOf } from '#models/openness-index/index-view.ts'
import { provenanceOf } from '#models/provenance/provenance.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminQuery } from './body.ts'
import type { AdminRoute } from './routes.ts'

const Filter = z.strictObject({
  /** Part of the id, the name or the developer. */
  text: z.string().max(200).optional(),
  min_openness: z.coerce.number().int().min(1).max(6).default(1),
  level: z.coerce.number().int().min(1).max(6).optional(),
  /** Part of the developer. */
  organisation: z.string().max(200).optional(),
  licence: z.string().max(100).optional(),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
})

/** What is known of families of models: how open they are, and where their training data comes from. */
export function catalogueRoutes(route: AdminRoute, house: GatewayHouse): void {
  route('GET', '/catalogue', 'models.read', async (request, reply) => {
    const filter = adminQuery(request, Filter)
    if (!filter.ok) return adminRefusal(request, reply, filter.error)
    const { text = '', min_openness: least, level, licence, after = '', limit } = filter.value
    const organisation = (filter.value.organisation ?? '').toLowerCase()
    const wanted = text.toLowerCase()
    const imported = await house.indexes()
    const found = shippedCatalogue()
      .families.map((family) => rowOf(family, imported))
      .filter(
        (row) =>
          row.id > after &&
          row.grade.level >= least &&
          (level === undefined || row.grade.level === level) &&
          row.developer.toLowerCase().includes(organisation) &&
          (licence === undefined || row.licence === licence) &&
          `${row.id} ${row.name} ${row.developer}`.toLowerCase().includes(wanted),
      )
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const families = found.slice(0, limit)
    const next = found.length > families.length ? (families.at(-1)?.id ?? null) : null
    return adminAnswer(reply, { families, next })
  })
  route('GET', '/catalogue/:name', 'models.read', async (request, reply) => {
    const imported = await house.indexes()
    const name = nameOf(request)
    const family = findFamily(name)
    const views = family === null ? viewsNamed(name, imported) : viewsOf(family, imported)
    if (family === null && views.length === 0)
      return adminRefusal(request, reply, { code: 'not-found', param: 'name' })
    const indexes = views.map(jsonOfView)
    // what an index says of a model that is in no catalogue is a lead, not a grade
    if (family === null) return adminAnswer(reply, { indexes })
    const { evidence, osiView, disagreement, access = null } = family
    return adminAnswer(reply, {
      ...rowOf(family, imported),
      access,
      evidence,
      osiView,
      disagreement,
      indexes,
      provenance: provenanceOf(family),
    })
  })
}

const nameOf = (request: FastifyRequest): string =>
  z.object({ name: z.string() }).parse(request.params).name

function rowOf(family: Family, imported: ImportedIndexes) {
  const { grade, reason, mofClass, disagreements } = catalogueRow(family, imported)
  return {
    id: family.id,
    name: family.family,
    developer: family.developer,
    country: family.country,
    release: family.release,
    licence: family.licence.id,
    grade,
    reason,
    mofClass,
    disagreements,
    retrieved: family.retrieved,
  }
}
