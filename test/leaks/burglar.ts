import type { Label } from '#kernel/label.ts'
import type { PassageBody } from '#kernel/passage.ts'
import type { Verdict } from '#kernel/verdict.ts'
import { CACHE, CALLER } from '#caches/ports.ts'
import { REVIEW_DESK, VAULT } from '#ledger/content/vault.ts'
import { originOf } from '#policy/gate.ts'
import type { Dice } from './dice.ts'
import type { Organisation } from './organisation.ts'
import type { World } from './world.ts'

const BODY: PassageBody = { contentType: 'text/plain', bytes: Buffer.from('loot') }
const LABELS: readonly Label[] = [
  { class: 'public', categories: [], undetermined: false },
  { class: 'internal', categories: ['personal'], undetermined: false },
  { class: 'confidential', categories: ['finance'], undetermined: false },
  { class: 'restricted', categories: ['credentials'], undetermined: false },
  { class: 'restricted', categories: [], undetermined: true },
]

/** Tries every door in ways that no part of the program would; returns the names of those that opened. */
export function burgle(world: World, organisation: Organisation, dice: Dice): readonly string[] {
  const { gate, clock } = world
  const label = dice.one(LABELS)
  const facts = { tenant: 'default', label, requestedModel: 'auto', inputTokensEstimate: 1 }
  const verdict = gate.decide(facts, {})
  const opened: string[] = []
  const now = clock()
  const note = (door: string, isOpen: boolean): void => {
    if (isOpen) opened.push(door)
  }
  const [choice] = verdict.allowed
  const forged: Verdict = { ...verdict, label, allowed: verdict.allowed, duties: verdict.duties }
  if (choice) {
    note('issue: a forged verdict', gate.issue(forged, choice, BODY, now).ok)
    note('issue: a copied choice', gate.issue(verdict, { ...choice }, BODY, now).ok)
    const other = organisation.catalogue.destinations.find(
      ({ id }) => !verdict.allowed.some(({ destination }) => destination.id === id),
    )
    if (other)
      note(
        'issue: a destination outside the verdict',
        gate.issue(verdict, { ...choice, destination: other }, BODY, now).ok,
      )
    const exit = { destination: choice.destination.id, origin: originOf(choice.destination), now }
    const issue = () => gate.issue(verdict, choice, BODY, now)
    const [first, second, third, fourth] = [issue(), issue(), issue(), issue()]
    if (first.ok && second.ok && third.ok && fourth.ok) {
      first.value.open(exit)
      note('passage: a second time', first.value.open(exit).ok)
      note(
        'passage: another origin',
        second.value.open({ ...exit, origin: 'https://thief.test' }).ok,
      )
      note('passage: another name', third.value.open({ ...exit, destination: 'thief' }).ok)
      note('passage: too late', fourth.value.open({ ...exit, now: now + 3_600_000 }).ok)
    }
  }
  const { cache, content } = organisation
  const ranks = ['public', 'internal', 'confidential', 'restricted']
  const isAbove = (upTo: string): boolean =>
    label.undetermined || ranks.indexOf(label.class) > ranks.indexOf(upTo)
  const duties = verdict.duties
  if (isAbove(content.upTo) || content.keep === 'nothing' || duties.noStore)
    note('vault', gate.keep(verdict, VAULT, BODY, now).ok)
  if (isAbove(cache.upTo) || duties.noStore || duties.noCache || duties.review)
    note('cache in', gate.keep(verdict, CACHE, BODY, now).ok)
  const { review, answers, opinions } = duties
  const isAsked =
    review ||
    Object.values(answers).includes('review') ||
    opinions.some(({ onNo, onError }) => onNo === 'review' || onError === 'review')
  if (!isAsked || duties.noStore)
    note('review queue in', gate.hold(verdict, REVIEW_DESK, BODY, now).ok)
  note('review queue in: a forged verdict', gate.hold(forged, REVIEW_DESK, BODY, now).ok)
  const undetermined: Label = { class: 'restricted', categories: [], undetermined: true }
  note(
    'cache in: an answer nobody could read',
    gate.keep(verdict, CACHE, BODY, now, undetermined).ok,
  )
  note('keep: a forged verdict', gate.keep(forged, CACHE, BODY, now).ok)
  const terms = {
    tenant: 'default',
    label,
    policyVersion: verdict.policyVersion,
    destination: choice?.destination.id ?? 'nowhere',
    model: choice?.model.name ?? 'none',
  }
  const exit = { from: CACHE, to: CALLER }
  const show = (of: Partial<typeof terms>): boolean =>
    gate.show(verdict, { ...terms, ...of }, exit, BODY, now).ok
  note('cache out: of another tenant', show({ tenant: 'guest' }))
  note('cache out: of another policy', show({ policyVersion: 'other' }))
  note('cache out: from a destination outside the verdict', show({ destination: 'thief' }))
  note('cache out: undetermined', show({ label: undetermined }))
  if (label.class !== 'public') {
    const lower: Label = { class: 'public', categories: [], undetermined: false }
    note('cache out: a label below the question', show({ label: lower }))
  }
  note('cache out: a forged verdict', gate.show(forged, terms, exit, BODY, now).ok)
  return opened
}
