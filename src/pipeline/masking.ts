import type { ClassTable } from '#classify/classify.ts'
import { coveredBy } from '#guard/mask/covered.ts'
import { planMask, type MaskPlan } from '#guard/mask/mask-plan.ts'
import { namesFor, type KeyedDigest } from '#guard/mask/names.ts'
import { restoringFilter, type RestoringFilter } from '#guard/restore/restoring-filter.ts'
import type { RestoredCounts } from '#guard/restore/restorer.ts'
import { ZONES, type Zone } from '#kernel/destination.ts'
import { maskFor, type Duties, type MaskDuty } from '#kernel/duties.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Choice, MaskedFacts } from '#kernel/verdict.ts'
import { countByType } from '#policy/facts.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import type { Classified, House } from './ports.ts'

/** What masking needs from outside. */
export interface Masking {
  /** What findings mean, so that a mask may name categories. */
  readonly table: () => ClassTable
  /** A digest that only this house can compute, of one tenant and one destination. */
  readonly digest: (tenant: string, destination: string) => KeyedDigest
}

/** A request as one choice sees it. */
export interface MaskedRequest {
  readonly request: SurfaceRequest
  /** Puts the values back into one answer; null where nothing was masked. */
  readonly filter: RestoringFilter | null
  /** How many values were masked. */
  readonly values: number
}

/** How many values were masked, and what became of their placeholders in the answer. */
export interface MaskedCounts extends RestoredCounts {
  readonly values: number
}

interface Masked {
  readonly tenant: string
  readonly request: SurfaceRequest
  readonly parts: readonly TextPart[]
  readonly classified: Classified
}

/** The destination of the reading that is classified; no id of a destination is empty. */
const NOWHERE = ''

/** A finding of less confidence raises no class. */
const COUNTS = 0.5

/** Masks one request, for as many destinations as see it. Its values live as long as this object. */
export class RequestMasking {
  readonly #masking: Masking
  readonly #of: Masked
  readonly #plans = new Map<string, MaskPlan>()

  constructor(masking: Masking, of: Masked) {
    this.#masking = masking
    this.#of = of
  }

  /** What the request is in each zone that masks it: its texts as they would leave, classified again. */
  async facts(duties: Duties, classify: House['classify']): Promise<readonly MaskedFacts[]> {
    const byMask = new Map<string, { duty: MaskDuty; zones: Zone[] }>()
    for (const zone of ZONES) {
      const duty = maskFor(duties, zone)
      if (!duty) continue
      const key = keyOf(duty)
      const known = byMask.get(key) ?? { duty, zones: [] }
      known.zones.push(zone)
      byMask.set(key, known)
    }
    const facts: MaskedFacts[] = []
    for (const { duty, zones } of byMask.values()) {
      const classified = await this.#classified(duty, classify)
      const findings = classified ? countByType(classified.findings) : {}
      facts.push({ zones, duty, label: classified?.label ?? null, findings })
    }
    return facts
  }

  /** The request as this choice sees it; null when it cannot be masked for it. */
  forChoice(choice: Choice): MaskedRequest | null {
    if (!choice.masked) return { request: this.#of.request, filter: null, values: 0 }
    const { duty } = choice.masked
    const plan = this.#plan(duty)
    const { rewrite } = this.#of.request
    if (!rewrite) return null
    const names = this.#names(plan, duty, choice.destination.id)
    const request = rewrite.withTexts((text, path) => plan.change(text, path, names))
    return {
      request,
      filter: restoringFilter(names, duty.tools),
      values: plan.values.length,
    }
  }

  /** The text of the one message of a chat, as a destination would see it. */
  preview(duty: MaskDuty, destination: string): string {
    const plan = this.#plan(duty)
    const names = this.#names(plan, duty, destination)
    const [part] = this.#of.parts
    return part ? plan.change(part.text, part.path, names) : ''
  }

  /** How many values of each type this mask covers. */
  counts(duty: MaskDuty): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const { type } of this.#plan(duty).values) counts[type] = (counts[type] ?? 0) + 1
    return counts
  }

  async #classified(duty: MaskDuty, classify: House['classify']): Promise<Classified | null> {
    const { rewrite } = this.#of.request
    if (!rewrite) return null
    const plan = this.#plan(duty)
    const left = (classified: Classified): Classified | null =>
      this.#isLeft(duty, classified) ? null : classified
    if (plan.values.length === 0) return left(this.#of.classified)
    // the label is that of the text without its values: a fake is nobody's
    const names = this.#names(plan, { ...duty, style: 'placeholder' }, NOWHERE)
    const parts = rewrite.withTexts((text, path) => plan.change(text, path, names)).textParts()
    // a value in a name, a number or a word of the protocol cannot be taken out
    if (parts.some((part) => plan.holds(part.text))) return null
    return left(await classify(parts))
  }

  /** Whether something that must be masked is still there: in the name of a field, a number, or something that nobody can read. */
  #isLeft(duty: MaskDuty, { findings }: Classified): boolean {
    const covers = coveredBy(duty, this.#masking.table())
    return findings.some((one) => one.confidence >= COUNTS && covers(one))
  }

  #plan(duty: MaskDuty): MaskPlan {
    const key = keyOf(duty)
    const known = this.#plans.get(key)
    if (known) return known
    const { parts, classified } = this.#of
    const plan = planMask(parts, classified.findings, coveredBy(duty, this.#masking.table()))
    this.#plans.set(key, plan)
    return plan
  }

  #names(plan: MaskPlan, { style }: MaskDuty, destination: string) {
    return namesFor(plan.values, {
      digest: this.#masking.digest(this.#of.tenant, destination),
      opening: this.#of.request.rewrite?.opening() ?? '',
      style,
    })
  }
}

const keyOf = ({ types, categories }: MaskDuty): string => [...types, '', ...categories].join()
