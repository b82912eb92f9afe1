import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { shippedCatalogue, type Family } from '#models/catalogue/family.ts'
import { findFamily } from '#models/catalogue/find-family.ts'
import { gradeOf } from '#models/catalogue/grade-family.ts'
import type { Grade } from '#models/catalogue/grade.ts'
import { reasonOf } from '#models/catalogue/reason.ts'
import type { Said } from '#models/catalogue/words.ts'
import { NOTHING_IMPORTED } from '#models/openness-index/index-file.ts'
import { catalogueRow } from '#models/openness-index/catalogue-row.ts'
import { provenanceOf } from '#models/provenance/provenance.ts'
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
export function catalogueRoutes(route: AdminRoute): void {
  route('GET', '/catalogue', 'models.read', async (request, reply) => {
    const filter = adminQuery(request, Filter)
    if (!filter.ok) return adminRefusal(request, reply, filter.error)
    const { text = '', min_openness: least, level, licence, after = '', limit } = filter.value
    const organisation = (filter.value.organisation ?? '').toLowerCase()
    const wanted = text.toLowerCase()
    const found = shippedCatalogue()
      .families.map(rowOf)
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
    const family = findFamily(nameOf(request))
    if (family === null) return adminRefusal(request, reply, { code: 'not-found', param: 'name' })
    const { evidence, osiView, disagreement, access = null } = family
    const { mofClass, disagreements } = catalogueRow(family, NOTHING_IMPORTED)
    return adminAnswer(reply, {
      ...rowOf(family),
      access,
      evidence,
      osiView,
      mofClass,
      disagreement,
      disagreements,
      provenance: provenanceOf(family),
    })
  })
}

const nameOf = (request: FastifyRequest): string =>
  z.object({ name: z.string() }).parse(request.params).name

const rowOf = (family: Family) => ({
  id: family.id,
  name: family.family,
  developer: family.developer,
  country: family.country,
  release: family.release,
  licence: family.licence.id,
  ...graded(family),
  retrieved: family.retrieved,
})

function graded(family: Family): { readonly grade: Grade; readonly reason: Said } {
  const grade = gradeOf(family)
  return { grade, reason: reasonOf(family, grade) }
}
