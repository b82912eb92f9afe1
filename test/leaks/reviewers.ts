import { CLASSES, type DataClass } from '#kernel/label.ts'
import type { Caller } from '#kernel/exchange.ts'
import type { SealedRow } from '#ledger/content/held-answer.ts'
import type { Dice } from './dice.ts'
import type { Judge } from './judge.ts'
import { hasCanary, toldOf, type Open } from './open-exchange.ts'
import { answerActionOf, dutiesOf } from './oracle.ts'
import type { Report } from './report.ts'
import type { World } from './world.ts'

/** What somebody puts in place of what a model said. */
const EDITED = 'words of a person'

interface Room {
  readonly world: World
  readonly judge: Judge
  readonly report: Report
  readonly dice: Dice
  readonly callers: readonly Caller[]
  readonly byDecision: ReadonlyMap<string, Open>
}

/** Anybody tries anything with any answer that waits. */
export async function review(room: Room): Promise<void> {
  const { world, dice, callers } = room
  const rows = [...world.held.values()]
  if (rows.length === 0) return
  const row = dice.one(rows.slice(-6))
  const caller = dice.one(callers)
  const open = room.byDecision.get(row.id)
  if (!open?.decision) return room.judge.leak('an answer of nobody waits')
  switch (dice.below(4)) {
    case 0:
      return listed(room, caller)
    case 1:
      return read(room, row, open, caller)
    case 2:
      return decided(room, row, caller)
    default:
      // who asked comes back more often than anybody else
      return fetched(room, row, open, dice.chance(0.6) ? open.exchange.caller : caller)
  }
}

/** Says whether an answer may wait, once it does. */
export function judgeHeld({ world, judge, report }: Room, open: Open, id: string): void {
  const row = world.held.get(id)
  if (!row || !open.decision) return
  report.held += 1
  const told = toldOf(open, open.decision)
  const duties = dutiesOf(open.organisation, told)
  if (duties.has('no-store')) judge.leak('an answer waits in spite of a duty')
  const { rules } = open.organisation.policy
  const asks = rules.some(
    (rule) =>
      rule.duties?.includes('review') ||
      rule.opinion !== undefined ||
      Object.values(rule.answers ?? {}).includes('review'),
  )
  if (!asks) judge.leak('an answer waits that nobody asked for')
  const rank = CLASSES.indexOf(row.label.class)
  if (!row.label.undetermined && rank < CLASSES.indexOf(open.decision.class))
    judge.leak('an answer waits with a label below that of its question')
}

async function listed({ world, judge }: Room, { tenant }: Caller): Promise<void> {
  const rows = await world.desk.list({ tenant, limit: 100 })
  if (rows.some((row) => row.tenant !== tenant)) judge.leak('a list has answers of another company')
  if (JSON.stringify(rows).includes('echo:')) judge.leak('a list has an answer')
}

async function read(room: Room, row: SealedRow, open: Open, caller: Caller): Promise<void> {
  const { world, judge, report } = room
  const got = await world.desk.read(row.id, caller)
  if (!got.ok) return void (report.barred += 1)
  report.read += 1
  const { content } = got.value
  const text = JSON.stringify(content)
  judgeStranger(room, row, caller)
  judgeTexts(room, text, open, caller)
  if (!open.decision) return
  const told = toldOf(open, open.decision)
  // where values were masked, rules that speak of what is left ask for something too
  const left = (open.decision.masked ?? []).flatMap(({ class: of, categories, undetermined }) =>
    of === null ? [] : [{ ...told, label: { class: of, categories, undetermined } }],
  )
  for (const { kind, needle } of open.spoken) {
    const actions = [told, ...left].map((one) => answerActionOf(open.organisation, one, kind))
    if (actions.includes('review')) continue
    const [action] = actions
    // what another duty takes out is taken out for the reader too
    if ((action === 'mask' || action === 'cut' || action === 'refuse') && text.includes(needle))
      judge.leak(`${kind} were shown to a reviewer in spite of ${action}`)
  }
}

async function decided(room: Room, row: SealedRow, caller: Caller): Promise<void> {
  const { world, dice, report, judge } = room
  const state = dice.one(['approved', 'approved', 'edited', 'refused'] as const)
  const text = state === 'edited' ? EDITED : null
  const before = row.state
  const done = await world.desk.decide(row.id, caller, { state, text, reason: null })
  if (!done.ok) return void (report.barred += 1)
  report.decided += 1
  judgeStranger(room, row, caller)
  if (before !== 'waiting') judge.leak('an answer was decided about twice')
}

async function fetched(room: Room, row: SealedRow, open: Open, caller: Caller): Promise<void> {
  const { world, judge, report } = room
  const got = await world.desk.fetch(row.id, caller)
  if (!got.ok) return void (report.barred += 1)
  if (!mayFetch(open.exchange.caller, caller)) judge.leak('an answer was fetched by a stranger')
  const { body } = got.value
  if (body === null) return
  report.released += 1
  const { state } = world.held.get(row.id) ?? row
  if (state !== 'approved' && state !== 'edited') judge.leak('an answer was fetched unread')
  if (state === 'edited' && body.includes('echo:'))
    judge.leak('an edited answer holds what a model said')
  if (state === 'edited' && !body.includes(EDITED)) judge.leak('an edited answer lost its text')
  judgeTexts(room, body, open, caller)
}

/** Who asked: the same key, or another way in of the same person or application that is not limited. */
function mayFetch(asker: Caller, caller: Caller): boolean {
  if (asker.tenant !== caller.tenant) return false
  if (asker.keyId === caller.keyId) return true
  const { zones, models, surfaces } = caller.restrictions
  const isLimited = [zones, models, surfaces].some((one) => one !== null)
  const isPerson = asker.person !== null && asker.person === caller.person
  const isApplication = asker.application !== null && asker.application === caller.application
  return !isLimited && (isPerson || isApplication)
}

/** Nobody has a say about an answer of their own, or of another company. */
function judgeStranger({ judge, byDecision }: Room, row: SealedRow, caller: Caller): void {
  if (row.tenant !== caller.tenant) judge.leak('an answer was seen by another company')
  const asker = byDecision.get(row.id)?.exchange.caller
  const isOwn = asker?.keyId === caller.keyId
  const isPerson = asker?.person !== null && asker?.person === caller.person
  const isApplication = asker?.application !== null && asker?.application === caller.application
  if (isOwn || isPerson || isApplication) judge.leak('somebody reviewed an answer of their own')
}

/** Nothing in a text is above what a key may see, whatever the label of the row says, nor from another exchange. */
function judgeTexts({ judge }: Room, text: string, open: Open, { restrictions }: Caller): void {
  const highest = CLASSES.indexOf(restrictions.maxClass ?? 'restricted')
  const isAbove = (of: DataClass | null): boolean => of !== null && CLASSES.indexOf(of) > highest
  for (const canary of open.asked.planted) {
    if (isAbove(canary.class) && hasCanary(text, canary))
      judge.leak(`a ${canary.class} value of a held answer was read by a lower key`)
  }
  for (const { class: of, needle } of open.spoken) {
    if (isAbove(of) && text.includes(needle))
      judge.leak(`something ${of ?? ''} that a model said was read by a lower key`)
  }
  for (const [, id] of text.matchAll(/echo:(x\d+)\./g)) {
    if (id !== open.exchange.id) judge.leak('a held answer has the text of another')
  }
}
