import type { Clock } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import type { ContentStore, LedgerErasure, LedgerQuery, LedgerStore } from '../ports.ts'
import type { HeldAnswerStore } from './held-answer.ts'
import type { LedgerWriter } from '../writer.ts'

export interface EraseParts {
  readonly ledger: Pick<LedgerStore, 'read' | 'byId'>
  readonly erasure: LedgerErasure
  readonly content: ContentStore
  readonly heldAnswers: Pick<HeldAnswerStore, 'removeOf'>
  readonly record: Pick<LedgerWriter, 'append' | 'flush'>
  readonly clock: Clock
}

/** Whom to forget. `subject` in an event is what is given here: an id, or the digest of one, never a name. */
export interface EraseOrder {
  readonly tenant: string
  readonly scope: 'key' | 'subject'
  readonly subject: string
  readonly actor: string
  /** Also what decisions and outcomes of a key say, not the texts alone. */
  readonly events: boolean
}

export interface Erased {
  readonly texts: number
  readonly records: number
}

/** Records read at once. */
const PAGE = 500

/**
 * Destroys the data key, removes what it sealed, and takes payload and salt of the named events away: the leaves stay and
 * the chain with them. Told of first, in the ledger; one that was stopped can be given again and goes on.
 */
export async function eraseOwner(
  parts: EraseParts,
  order: EraseOrder,
): Promise<Result<Erased, Refusal>> {
  const { record, content, clock } = parts
  const { tenant, scope, subject, actor } = order
  const until = clock()
  const told = record.append(
    { type: 'erasure', v: 1, actor, scope, subject, until, seq: null, checkpoint: null },
    { tenant },
  )
  if (!told.ok) return told
  const durable = await told.value.durable
  if (!durable.ok) return durable
  const owner = `${scope}:${subject}`
  await content.destroyKey(tenant, owner)
  const texts =
    (await content.removeOf(tenant, owner)) + (await parts.heldAnswers.removeOf(tenant, owner))
  const records = scope === 'key' && order.events ? await eraseEvents(parts, order) : 0
  return ok({ texts, records })
}

/** Page after page from the newest: what is erased shows in the next page as nothing. */
async function eraseEvents(parts: EraseParts, { tenant, subject }: EraseOrder): Promise<number> {
  let [before, count]: [string | undefined, number] = [undefined, 0]
  for (;;) {
    const query: LedgerQuery = { tenant, key: subject, type: 'decision', limit: PAGE, before }
    const page = await parts.ledger.read(query)
    if (!page.ok) return count
    for (const { id } of page.value.rows) {
      for (const { writer, seq, leaf, payload, type } of await parts.ledger.byId(id)) {
        if (payload === null || (type !== 'decision' && type !== 'outcome')) continue
        await parts.erasure.erase(writer, [{ seq, leaf }])
        count += 1
      }
    }
    if (page.value.next === null) return count
    before = page.value.next
  }
}
