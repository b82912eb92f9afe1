import { z } from 'zod'
import type { Caller } from '#kernel/exchange.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import { EXCEPTION_KINDS } from '#models/admission/record.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody } from './body.ts'
import { idOf, servedBy } from './model-rows.ts'
import type { AdminRoute } from './routes.ts'

const Reason = z
  .string()
  .trim()
  .min(1, 'a reason')
  .max(500)
  .regex(/^\P{Cc}*$/u, 'one line')

const Bring = z.strictObject({ name: z.string().min(1).max(100) })
const Pem = z.string().max(1_048_576).optional()
const Proof = z.strictObject({
  digest: z.string().max(100).optional(),
  bundle: z
    .string()
    .max(64 * 1024 * 1024)
    .optional(),
  publicKey: Pem,
  certificates: Pem,
  identity: z.string().max(500).optional(),
  issuer: z.string().max(500).optional(),
})
const BroughtAlong = z.strictObject({
  record: z.string().max(100_000),
  bundle: z.string().max(64 * 1024 * 1024),
  trustKey: Pem,
})
const Approve = z.strictObject({ reason: Reason.optional() })
const Stop = z.strictObject({ reason: Reason })
/** The end of the year 9999: what is later has no date to be written with, milliseconds. */
const LAST_MS = 253_402_300_799_999
const Exception = z.strictObject({
  kinds: z.array(z.enum(EXCEPTION_KINDS)).min(1).max(EXCEPTION_KINDS.length),
  reason: Reason,
  /** Milliseconds since 1970. */
  expiresAt: z.int().positive().max(LAST_MS),
})
const Nothing = z.strictObject({})

/** One step: its body, and what it does to the weights of a name or digest. */
interface StepRoute<T> {
  readonly path: string
  readonly permission: 'models.write' | 'models.approve'
  readonly shape: z.ZodType<T>
  readonly take: (
    id: string,
    given: T,
    caller: Caller,
  ) => Promise<Result<{ readonly digest: string }, Refusal>>
}

/** The steps of an admission, each answered by all that is recorded then. */
export function modelSteps(route: AdminRoute, house: GatewayHouse): void {
  const { models } = house
  const step = <T>({ path, permission, shape, take }: StepRoute<T>): void =>
    route('POST', path, permission, async (request, reply, caller) => {
      const body = adminBody(request, shape)
      if (!body.ok) return adminRefusal(request, reply, body.error)
      const done = await take(path.includes(':id') ? idOf(request) : '', body.value, caller)
      if (!done.ok) return adminRefusal(request, reply, done.error)
      const found = await models.get(done.value.digest)
      return adminAnswer(reply, servedBy(found ?? {}, house.gate.catalogue().destinations))
    })
  step({
    path: '/models',
    permission: 'models.write',
    shape: Bring,
    take: (_, { name }, caller) => models.bring(name, caller),
  })
  step({
    path: '/models/:id/scan',
    permission: 'models.write',
    shape: Nothing,
    take: (id, _, caller) => models.scan(id, caller),
  })
  step({
    path: '/models/:id/admit',
    permission: 'models.write',
    shape: Proof,
    take: (id, proof, caller) => models.admit(id, proof, caller),
  })
  step({
    path: '/models/:id/import',
    permission: 'models.write',
    shape: BroughtAlong,
    take: (id, given, caller) => models.accept(id, given, caller),
  })
  step({
    path: '/models/:id/suspend',
    permission: 'models.write',
    shape: Stop,
    take: (id, { reason }, caller) => models.stop(id, 'suspended', reason, caller),
  })
  step({
    path: '/models/:id/revoke',
    permission: 'models.approve',
    shape: Stop,
    take: (id, { reason }, caller) => models.stop(id, 'revoked', reason, caller),
  })
  step({
    path: '/models/:id/approve',
    permission: 'models.approve',
    shape: Approve,
    take: (id, { reason = null }, caller) => models.approve(id, reason, caller),
  })
  step({
    path: '/models/:id/exception',
    permission: 'models.approve',
    shape: Exception,
    take: (id, given, caller) => models.except(id, given, caller),
  })
}
