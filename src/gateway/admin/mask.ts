import { z } from 'zod'
import { TYPE_NAMES } from '#classify/data/type-names.ts'
import { maskFor, MASK_STYLES, type MaskDuty } from '#kernel/duties.ts'
import { CATEGORIES } from '#kernel/label.ts'
import { RequestMasking } from '#pipeline/masking.ts'
import { callerFacts } from '#policy/facts.ts'
import { createAllowance, unitsOf } from '../classify/allowance.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody } from './body.ts'
import { chatOf, decideText } from './decide-text.ts'
import type { AdminRoute } from './routes.ts'

const Question = z.strictObject({
  text: z.string(),
  types: z.array(z.string().min(1).max(100)).min(1).optional(),
  categories: z.array(z.enum(CATEGORIES)).min(1).optional(),
  style: z.enum(MASK_STYLES).optional(),
  /** Whose placeholders are shown. */
  destination: z.string().max(200).default('preview'),
})

/** `POST /api/mask`: a text as a destination would see it masked; nothing is sent, nothing recorded. */
export function maskRoute(route: AdminRoute, house: GatewayHouse): void {
  const allowance = createAllowance({ clock: house.clock })
  route('POST', '/mask', 'classify', async (request, reply, caller) => {
    const bytes = request.body instanceof Uint8Array ? request.body.length : 0
    const allowed = allowance(caller.keyId, unitsOf(bytes))
    if (!allowed.ok) return adminRefusal(request, reply, allowed.error)
    const body = adminBody(request, Question)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const { text, types, categories, style, destination } = body.value
    const unknown = types?.find((type) => !isType(type))
    if (unknown !== undefined) {
      return adminRefusal(request, reply, {
        code: 'invalid-value',
        param: 'types',
        detail: { expected: 'types of findings, as `ecluse classify` names them' },
      })
    }
    const { tenant } = caller
    const asked = { text, model: 'auto', tenant, caller: callerFacts(caller) }
    const { label, findings, verdict } = await decideText(house, asked)
    const given = types || categories ? { types: types ?? [], categories: categories ?? [] } : null
    const ofPolicy = maskFor(verdict.duties, 'api') ?? maskFor(verdict.duties, 'managed')
    const duty: MaskDuty = {
      ...(ofPolicy ?? { types: ['*'], categories: [], style: 'placeholder' }),
      ...given,
      ...(style ? { style } : {}),
      zones: ['managed', 'api'],
      tools: [],
    }
    const chat = chatOf(text, 'auto')
    const masking = new RequestMasking(house.masking, {
      tenant,
      request: chat,
      parts: chat.textParts(),
      classified: { label, findings },
    })
    const shown = masking.preview(duty, destination)
    // what is left is that of the text without its values: a fake is nobody's
    const bare = masking.preview({ ...duty, style: 'placeholder' }, destination)
    const left = await house.classify(chatOf(bare, 'auto').textParts())
    return adminAnswer(reply, {
      text: shown,
      values: masking.counts(duty),
      label,
      left: left.label,
      byPolicy: ofPolicy !== null && given === null,
    })
  })
}

const isType = (pattern: string): boolean =>
  pattern.endsWith('*')
    ? Object.keys(TYPE_NAMES).some((name) => name.startsWith(pattern.slice(0, -1)))
    : Object.hasOwn(TYPE_NAMES, pattern)
