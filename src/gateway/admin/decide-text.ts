import type { Zone } from '#kernel/destination.ts'
import type { Label } from '#kernel/label.ts'
import type { Facts, Verdict } from '#kernel/verdict.ts'
import { decideFor } from '#pipeline/decide-for.ts'
import type { Masking } from '#pipeline/masking.ts'
import { countByType } from '#policy/facts.ts'
import { chatSurface } from '#protocols/openai-chat/surface.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import type { GatewayHouse, Labelled } from '../ports.ts'
import type { Explained } from './explain.ts'

/** What deciding about a text needs of the house. */
export type DecidingHouse = Pick<GatewayHouse, 'classify' | 'gate' | 'health'> & {
  readonly masking?: Masking
}

/** What a mask does to a text: how many values of each type it takes, and what is left. */
export interface MaskedView {
  readonly zones: readonly Zone[]
  readonly values: Readonly<Record<string, number>>
  /** Null: it cannot be masked. */
  readonly label: Label | null
  readonly findings: Readonly<Record<string, number>>
}

/** A text as the one message of a chat. */
export const chatOf = (text: string, model: string): SurfaceRequest =>
  chatSurface(
    {
      model,
      stream: false,
      includeUsage: false,
      body: { model, messages: [{ role: 'user', content: text }] },
    },
    { id: 'explain', createdSeconds: 0 },
  )

/** A text as a chat that this caller would send. */
const factsOf = (
  { text, model, tenant, caller }: Omit<Explained, 'language'>,
  { label, findings }: Labelled,
): Facts => ({
  tenant,
  label,
  requestedModel: model,
  task: 'chat',
  surface: 'openai-chat',
  caller,
  findings: countByType(findings),
  inputTokensEstimate: Math.ceil(text.length / 4),
})

/** Label and verdict of a text as this caller would send it, masked where the policy says so; nothing is sent. */
export async function decideText(
  house: DecidingHouse,
  asked: Omit<Explained, 'language'>,
): Promise<Labelled & { readonly verdict: Verdict; readonly masked: readonly MaskedView[] }> {
  const request = chatOf(asked.text, asked.model)
  const parts = request.textParts()
  const classified = await house.classify(parts)
  const { facts, verdict, masking } = await decideFor(
    house,
    { exchange: { caller: { tenant: asked.tenant }, narrowing: {} }, request, parts },
    { plain: factsOf(asked, classified), classified, health: house.health() },
  )
  const masked = (facts.masked ?? []).map(({ zones, duty, label, findings }) => ({
    zones,
    values: masking?.counts(duty) ?? {},
    label,
    findings,
  }))
  return { ...classified, verdict, masked }
}
