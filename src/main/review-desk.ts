import { createHash } from 'node:crypto'
import type { Config } from '#config/types.ts'
import type { ReviewAdmin } from '#gateway/admin-ports.ts'
import type { Caller } from '#kernel/exchange.ts'
import { classRank, type Label } from '#kernel/label.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { HeldRow } from '#ledger/content/held-answer.ts'
import { REVIEW_DESK, type Vault } from '#ledger/content/vault.ts'
import type { LedgerEvent } from '#ledger/event.ts'
import type { HeldAnswer, HeldContent, House } from '#pipeline/ports.ts'
import type { Gate } from '#policy/gate.ts'
import type { Core } from './core.ts'
import { ownerOf } from './keep-content.ts'

/** An answer on its way to the process that keeps it: what is to be sealed, and all that is said of it. */
export interface PackedAnswer {
  readonly row: Omit<HeldRow, 'owner' | 'at' | 'expiresAt'>
  readonly bytes: Uint8Array
}

/** Lets an answer out to where it is kept: through the gate, like anything else that leaves. */
export const holdThrough =
  (
    gate: Pick<Gate, 'hold'>,
    clock: () => number,
    keep: (packed: PackedAnswer) => Promise<boolean>,
  ): NonNullable<House['hold']> =>
  async (held) => {
    const body = {
      contentType: 'application/json',
      bytes: Buffer.from(JSON.stringify(held.content)),
    }
    const passage = gate.hold(held.verdict, REVIEW_DESK, body, clock())
    if (!passage.ok) return passage
    const opened = passage.value.open({ ...REVIEW_DESK, now: clock() })
    if (!opened.ok) return opened
    const isKept = await keep({ row: rowOf(held), bytes: opened.value.bytes }).catch(() => false)
    return isKept ? ok(undefined) : err({ code: 'passage-refused' })
  }

const rowOf = (held: HeldAnswer): PackedAnswer['row'] => ({
  id: held.decision,
  tenant: held.exchange.caller.tenant,
  caller: held.exchange.caller.keyId,
  person: held.exchange.caller.person,
  label: held.label,
  surface: held.surface,
  destination: held.destination,
  model: held.model,
  rule: held.rule,
  found: { ...held.found },
  state: 'waiting',
  reviewer: null,
  decidedAt: null,
  reason: null,
})

export interface ReviewDesk {
  /** False when it could not be kept. */
  readonly keep: (packed: PackedAnswer) => Promise<boolean>
  readonly admin: ReviewAdmin
}

/** What keeping and releasing answers takes. */
interface Desk {
  readonly core: Core
  readonly vault: Vault
}

/** Answers that wait, in the process that holds the database. */
export function openReviewDesk(
  core: Core,
  vault: Vault,
  config: () => Pick<Config, 'content'>,
): ReviewDesk {
  const { store, clock, evidenceKeys } = core
  const desk: Desk = { core, vault }
  return {
    async keep({ row, bytes }) {
      const { content } = config()
      const { tenant, caller, person, id } = row
      const owner = ownerOf(content, { keyId: caller, person }, evidenceKeys.subjectDigest)
      const sealed = await vault.hold(bytes, { tenant, owner, decision: id })
      if (!sealed.ok) return false
      const at = clock()
      const times = { at, expiresAt: at + content.keepMs }
      await store.heldAnswers.put({ ...row, ...times, owner, sealed: sealed.value })
      return true
    },
    admin: {
      list: (query) => store.heldAnswers.list(query),
      read: (id, caller) => read(desk, id, caller),
      decide: (id, caller, given) =>
        store.alone(`review ${id}`, () => decide(desk, id, caller, given)),
      fetch: (id, caller) => fetchReleased(desk, id, caller),
    },
  }
}

type Kept = NonNullable<Awaited<ReturnType<Core['store']['heldAnswers']['get']>>>

async function find({ core }: Desk, id: string, tenant: string): Promise<Kept | null> {
  if (!UUID.test(id)) return null
  const row = await core.store.heldAnswers.get(tenant, id)
  return row && row.expiresAt > core.clock() ? row : null
}

function contentOf({ vault }: Desk, row: Kept): HeldContent | null {
  const bytes = vault.release({ ...row, decision: row.id }, row.wrapped, row.sealed)
  // what is sealed was written by this program
  return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as HeldContent)
}

async function record(
  { core }: Desk,
  event: LedgerEvent,
  tenant: string,
): Promise<Result<void, Refusal>> {
  const told = core.ledger.append(event, { tenant })
  return told.ok ? told.value.durable : told
}

const read: WithDesk<'read'> = async (desk, id, caller) => {
  const row = await find(desk, id, caller.tenant)
  if (!row) return err({ code: 'not-found' })
  const barred = await barredFrom(desk, row, caller)
  if (barred) return err(barred)
  const actor = caller.keyId
  const event = { type: 'admin', v: 1, actor, action: 'review-read', subject: id } as const
  // nobody reads a text without a record of it
  const told = await record(desk, event, caller.tenant)
  if (!told.ok) return told
  const content = contentOf(desk, row)
  return content ? ok({ row: shown(row), content }) : err({ code: 'not-found' })
}

const decide: WithDesk<'decide'> = async (desk, id, caller, { state, reason, text }) => {
  const { keyId: actor, tenant } = caller
  const row = await find(desk, id, tenant)
  if (!row) return err({ code: 'not-found' })
  const barred = await barredFrom(desk, row, caller)
  if (barred) return err(barred)
  if (row.state !== 'waiting') return err({ code: 'conflict' })
  const content = contentOf(desk, row)
  if (!content) return err({ code: 'not-found' })
  const note = reason === null ? null : createHash('sha256').update(reason).digest('hex')
  const said = { decision: id, verdict: state, class: null, note } as const
  const told = await record(desk, { type: 'review', v: 1, actor, ...said }, tenant)
  if (!told.ok) return told
  const edited = text === null ? null : Buffer.from(JSON.stringify(withText(content, text)))
  const of = { tenant, owner: row.owner, decision: id }
  const sealed = edited && (await desk.vault.hold(edited, of))
  if (sealed && !sealed.ok) return sealed
  const decided = { state, reviewer: actor, decidedAt: desk.core.clock(), reason }
  const change = sealed ? { ...decided, sealed: sealed.value } : decided
  const isFirst = await desk.core.store.heldAnswers.decide(tenant, id, change)
  return isFirst ? ok({ ...shown(row), ...decided }) : err({ code: 'conflict' })
}

const fetchReleased: WithDesk<'fetch'> = async (desk, id, caller) => {
  const row = await find(desk, id, caller.tenant)
  // who did not ask learns not even that there is one
  if (!row || !(await mayFetch(desk, row, caller))) return err({ code: 'not-found' })
  const above = aboveKey(row.label, caller)
  if (above) return err(above)
  const isOut = row.state === 'approved' || row.state === 'edited'
  if (!isOut) return ok({ row: shown(row), body: null })
  const content = contentOf(desk, row)
  return content ? ok({ row: shown(row), body: content.body }) : err({ code: 'not-found' })
}

/** What the admin API asks of the desk. */
type WithDesk<Name extends keyof ReviewAdmin> = (
  desk: Desk,
  ...given: Parameters<ReviewAdmin[Name]>
) => ReturnType<ReviewAdmin[Name]>

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** A row without what is sealed. */
function shown(row: HeldRow): HeldRow {
  const { sealed: _, wrapped: __, ...plain } = { sealed: null, wrapped: null, ...row }
  return plain
}

/** What of a caller says whose answer it is. */
const isOwnOf = (row: HeldRow, { keyId, person }: Caller): boolean =>
  row.caller === keyId || (row.person !== null && row.person === person)

/** Whether the key that asked belongs to the application of this caller, for the same purpose. */
async function isOfApplication(
  { core }: Desk,
  row: HeldRow,
  { tenant, application, purpose }: Caller,
): Promise<boolean> {
  if (application === null) return false
  const asker = await core.store.keys.withOwner(row.caller)
  if (asker?.key.tenant !== tenant || asker.key.application !== application) return false
  return asker.owner.purpose === purpose
}

/**
 * The key that asked; and the person or the application that it belongs to, by another key or signed in, where that way in
 * has no limits of where its requests may go: what it may ask for is then no less than what was asked.
 */
async function mayFetch(desk: Desk, row: HeldRow, caller: Caller): Promise<boolean> {
  if (row.caller === caller.keyId) return true
  const { zones, models, surfaces } = caller.restrictions
  if (zones !== null || models !== null || surfaces !== null) return false
  return isOwnOf(row, caller) || isOfApplication(desk, row, caller)
}

/** Nobody decides about an answer of their own or of their application, and nobody reads what their key may not see. */
async function barredFrom(desk: Desk, row: HeldRow, caller: Caller): Promise<Refusal | null> {
  const isOwn = isOwnOf(row, caller) || (await isOfApplication(desk, row, caller))
  return isOwn ? { code: 'four-eyes' } : aboveKey(row.label, caller)
}

function aboveKey(label: Label, { restrictions: { maxClass } }: Caller): Refusal | null {
  const rank = label.undetermined ? classRank('restricted') : classRank(label.class)
  if (maxClass === null || rank <= classRank(maxClass)) return null
  return {
    code: 'class-above-key',
    detail: { class: label.class, highest: maxClass, types: '-', decision: '-' },
  }
}

/** The answer with the text of a person in place of the model's. */
function withText(content: HeldContent, text: string): HeldContent {
  const inJson = (value: string): string => JSON.stringify(value).slice(1, -1)
  const body = content.template.replaceAll(inJson(content.slot), () => inJson(text))
  return { ...content, text, reasoning: '', calls: [], body }
}

/** The desk of a process that does not reach the database: every answer is a message to the one that does. */
export function remoteDesk(send: (call: number, what: PackedAnswer) => void) {
  const waiting = new Map<number, (isKept: boolean) => void>()
  let calls = 0
  return {
    keep: (what: PackedAnswer): Promise<boolean> =>
      new Promise((resolve) => {
        calls += 1
        waiting.set(calls, resolve)
        send(calls, what)
      }),
    answered(call: number, isKept: boolean): void {
      waiting.get(call)?.(isKept)
      waiting.delete(call)
    },
  }
}
