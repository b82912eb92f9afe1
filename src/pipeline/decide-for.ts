import type { Duties } from '#kernel/duties.ts'
import type { Exchange } from '#kernel/exchange.ts'
import { combineLabels, type Label } from '#kernel/label.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Facts, Health, Verdict } from '#kernel/verdict.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import { RequestMasking } from './masking.ts'
import type { Classified, House } from './ports.ts'

/** A mask that brings in rules which ask for more is made again with all of it, so often at most. */
const MOST_MASKINGS = 3

/** All that counts of an exchange here. */
type Asker = Pick<Exchange, 'narrowing'> & { readonly caller: Pick<Exchange['caller'], 'tenant'> }

interface Asked {
  readonly exchange: Asker
  readonly request: SurfaceRequest
  readonly parts: readonly TextPart[]
}

interface Known {
  readonly plain: Facts
  readonly classified: Classified
  readonly health: Health
}

export interface Decision {
  /** With what the request is where it is masked. */
  readonly facts: Facts
  readonly verdict: Verdict
  /** Makes the masked requests; null where none has to be. */
  readonly masking: RequestMasking | null
}

/** The verdict on a request; where a rule asks for a mask, once it has been masked and read again. */
export function decideFor(
  house: Pick<House, 'gate' | 'masking' | 'classify'>,
  asked: Asked,
  { plain, classified, health }: Known,
): Decision | Promise<Decision> {
  const verdict = house.gate.decide(plain, health)
  if (verdict.duties.mask.length === 0 || !house.masking)
    return { facts: plain, verdict, masking: null }
  const { exchange, request, parts } = asked
  const { tenant } = exchange.caller
  const masking = new RequestMasking(house.masking, { tenant, request, parts, classified })
  return decideMasked(house, exchange, { plain, verdict, masking, health })
}

async function decideMasked(
  house: Pick<House, 'gate' | 'classify'>,
  exchange: Asker,
  {
    plain,
    verdict: first,
    masking,
    health,
  }: Omit<Known, 'classified'> & {
    readonly verdict: Verdict
    readonly masking: RequestMasking
  },
): Promise<Decision> {
  const classify = async (masked: readonly TextPart[]): Promise<Classified> =>
    narrowed(exchange, await house.classify(masked))
  let facts = plain
  let verdict = first
  let duties: Duties | null = null
  for (let i = 0; i < MOST_MASKINGS && duties !== verdict.duties; i++) {
    ;({ duties } = verdict)
    facts = { ...plain, masked: await masking.facts(duties, classify) }
    verdict = house.gate.decide(facts, health)
  }
  return { facts, verdict, masking }
}

/** The label of the whole request; the caller may raise it, never lower it. */
export function narrowed(
  exchange: Pick<Exchange, 'narrowing'>,
  classified: Classified,
): Classified {
  const asked = exchange.narrowing.class
  if (!asked) return classified
  const raised: Label = { class: asked, categories: [], undetermined: false }
  return { findings: classified.findings, label: combineLabels(classified.label, raised) }
}
