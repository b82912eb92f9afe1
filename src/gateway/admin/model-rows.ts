import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Destination } from '#kernel/destination.ts'
import type { AdmissionRowView } from '#models/admission/view.ts'

/** A name or a digest. */
export const idOf = (request: FastifyRequest): string =>
  z.object({ id: z.string() }).parse(request.params).id

/** With the destinations that serve these weights, and how that is known. */
export function servedBy<T extends { readonly digest?: string | null }>(
  row: T,
  destinations: readonly Destination[],
): T & Pick<AdmissionRowView, 'served'> {
  const { digest } = row
  const served = destinations.flatMap(({ id, models }) =>
    models.flatMap((model) =>
      typeof digest === 'string' && model.digest === digest
        ? [{ destination: id, model: model.name, attested: model.attested ?? 'configured' }]
        : [],
    ),
  )
  return { ...row, served }
}
