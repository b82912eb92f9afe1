import { PRIORITIES, type Priority } from '#kernel/priority.ts'
import { actualAmounts, amountsOf, type ActualUse, type RequestSize } from './amounts.ts'
import { isRefused, type Admissions, type Admitted, type Hold, type Refused } from './admission.ts'
import type { CallerPlan, Need } from './plan.ts'
import { OPEN_MEASURES, type Measure, type Subject } from './quota.ts'
import type { ToldLimits } from './told.ts'

/** A request that was let in. */
export interface Visit {
  readonly plan: CallerPlan
  readonly size: RequestSize
  readonly priority: Priority
  readonly signal: AbortSignal
}

/** A place under the quotas of one choice. */
export interface Placed {
  /** What is open there is over; what was counted stays until the end of the request is known. */
  leave(): void
}

interface AtChoice {
  readonly destination: string
  readonly model: string
  holds: readonly Hold[]
}

const IS_OPEN: ReadonlySet<Measure> = new Set(OPEN_MEASURES)
const NOWHERE: ActualUse = {
  sent: true,
  inputTokens: 0,
  outputTokens: 0,
  producedTokens: 0,
  answerBytes: 0,
}

/** What one request holds, from the moment it was let in until it is settled. A class because it has a lifetime. */
export class Entered {
  readonly #admissions: Admissions
  readonly #visit: Visit
  #holds: readonly Hold[]
  #choices: AtChoice[] = []
  #isOver = false

  constructor(admissions: Admissions, visit: Visit, holds: readonly Hold[]) {
    this.#admissions = admissions
    this.#visit = visit
    this.#holds = holds
  }

  get priority(): Priority {
    return this.#visit.priority
  }

  /** Whether asking this choice means waiting in line; false where it would be refused or let in. */
  mayQueue(model: string, destination: string): boolean {
    return this.#needs(model, destination).some(({ quota }) => quota.action === 'queue')
  }

  /** Leases what the choices may need, so that they can be asked without waiting; null when there is nothing to lease. */
  prepare(choices: readonly { model: string; destination: string }[]): Promise<void> | null {
    let asked: Promise<void>[] | null = null
    for (const { model, destination } of choices) {
      const needs = this.#needs(model, destination)
      if (needs.length === 0) continue
      const amounts = this.#amounts(model)
      for (const need of needs) {
        const lacks = this.#admissions.lease(need, amounts[need.measure])
        if (lacks) (asked ??= []).push(lacks)
      }
    }
    return asked && Promise.all(asked).then(() => undefined)
  }

  /** A place now; null where there is none without waiting. */
  enter(model: string, destination: string): Placed | Refused {
    const needs = this.#needs(model, destination)
    if (needs.length === 0) return OPEN
    const claim = this.#claim(needs, model)
    return this.#place(this.#admissions.admitNow(claim), model, destination)
  }

  /** A place as soon as it is this request's turn. */
  async wait(model: string, destination: string, signal: AbortSignal): Promise<Placed | Refused> {
    const needs = this.#needs(model, destination)
    if (needs.length === 0) return OPEN
    const admitted = await this.#admissions.admit({ ...this.#claim(needs, model), signal })
    return this.#place(admitted, model, destination)
  }

  /** What the answer tells of limits. */
  told(): ToldLimits | null {
    const needs = this.#visit.plan.needs
    const last = this.#choices.at(-1)
    const all = last ? [...needs, ...last.holds.map(({ need }) => need)] : needs
    return all.length === 0 ? null : this.#admissions.tell(all)
  }

  /** The request is over: everything is corrected to what it was. Only the first call counts. */
  end(use: ActualUse, destination: string | null): void {
    if (this.#isOver) return
    this.#isOver = true
    const last = this.#choices.findLast((choice) => choice.destination === destination)
    const { size } = this.#visit
    if (use.outputTokens !== null && use.outputTokens > 0) {
      this.#admissions.average.learn(size.model, use.outputTokens)
      if (last && last.model !== size.model) {
        this.#admissions.average.learn(last.model, use.outputTokens)
      }
    }
    this.#settle(this.#holds, use)
    for (const choice of this.#choices) this.#settle(choice.holds, choice === last ? use : NOWHERE)
    this.#holds = []
    this.#choices = []
  }

  #needs(model: string, destination: string): readonly Need[] {
    return this.#admissions.needsAt(this.#visit.plan, model, destination)
  }

  #amounts(model: string) {
    return amountsOf(this.#visit.size, this.#admissions.average.estimate(model))
  }

  #claim(needs: readonly Need[], model: string) {
    const { plan, priority, signal } = this.#visit
    const caller = plan.subject.key ?? ''
    return { needs, amounts: this.#amounts(model), caller, priority, signal }
  }

  #place(admitted: Admitted, model: string, destination: string): Placed | Refused {
    if (isRefused(admitted)) return admitted
    const choice: AtChoice = { destination, model, holds: admitted }
    // whoever waited in line and left meanwhile gets nothing
    if (this.#isOver) {
      this.#settle(admitted, { ...NOWHERE, sent: false })
      return OPEN
    }
    this.#choices.push(choice)
    return {
      leave: () => {
        const [open, counted] = splitOpen(choice.holds)
        for (const hold of open) this.#admissions.settle(hold, 0)
        choice.holds = counted
      },
    }
  }

  #settle(holds: readonly Hold[], use: ActualUse): void {
    const actual = actualAmounts(this.#visit.size, use)
    const now = this.#admissions.now()
    for (const hold of holds) this.#admissions.settle(hold, actual[hold.need.measure], now)
  }
}

const OPEN: Placed = { leave() {} }

function splitOpen(holds: readonly Hold[]): readonly [Hold[], Hold[]] {
  const open: Hold[] = []
  const counted: Hold[] = []
  for (const hold of holds) (IS_OPEN.has(hold.need.measure) ? open : counted).push(hold)
  return [open, counted]
}

/** Lets a request in under the caller's own quotas; at once where nobody has to wait or to be asked. Null: there are no quotas. */
export function enter(
  admissions: Admissions,
  subject: Subject,
  size: RequestSize,
  signal: AbortSignal,
  asked: Priority | null = null,
): Entered | Refused | null | Promise<Entered | Refused> {
  const plan = admissions.planOf(subject)
  if (plan === null) return null
  const priority = laterOf(plan.priority, asked)
  const amounts = amountsOf(size, admissions.average.estimate(size.model))
  const caller = subject.key ?? ''
  const admitted = admissions.admit({ needs: plan.needs, amounts, caller, priority, signal })
  const open = (holds: Admitted): Entered | Refused =>
    isRefused(holds) ? holds : new Entered(admissions, { plan, size, priority, signal }, holds)
  return admitted instanceof Promise ? admitted.then(open) : open(admitted)
}

/** A caller may stand further back in line than it could, never further in front. */
const laterOf = (own: Priority, asked: Priority | null): Priority =>
  asked !== null && PRIORITIES.indexOf(asked) > PRIORITIES.indexOf(own) ? asked : own
