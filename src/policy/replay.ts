import { z } from 'zod'
import {
  ATTESTATIONS,
  DIALECTS,
  TASKS,
  taskOfSurface,
  WEIGHTS_STANDINGS,
  WEIGHTS_STOPS,
  ZONES,
  type Destination,
  type Zone,
} from '#kernel/destination.ts'
import { CATEGORIES, CLASSES, type Category, type DataClass, type Label } from '#kernel/label.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Facts, Health, KeyLimits, MaskedFacts, Verdict } from '#kernel/verdict.ts'
import { decide } from './decide.ts'
import type { Policy } from './document.ts'
import { preferencesOf } from './preference.ts'
import { DEFAULT_PREFERENCES, type Preference } from './rule.ts'
import { storedPolicy } from './stored-policy.ts'

const Names = z.array(z.string()).optional()

const StoredModel = z.object({
  name: z.string(),
  upstream: z.string(),
  aliases: z.array(z.string()).optional(),
  task: z.enum(TASKS).optional(),
  zone: z.enum(ZONES).optional(),
  price: z.object({ input: z.number(), output: z.number() }).optional(),
  tokensPerSecond: z.number().optional(),
  licence: z.string().optional(),
  openness: z.number().optional(),
  weights: z.enum(WEIGHTS_STANDINGS).optional(),
  stopped: z.enum(WEIGHTS_STOPS).optional(),
  digest: z.string().optional(),
  attested: z.enum(ATTESTATIONS).optional(),
  cvss: z.number().optional(),
  quality: z.number().optional(),
  energy: z.number().optional(),
})

const StoredCatalogue = z.array(
  z.object({
    id: z.string(),
    dialect: z.enum(DIALECTS),
    address: z.union([
      z.object({ kind: z.literal('url'), baseUrl: z.string() }),
      z.object({ kind: z.literal('socket'), path: z.string() }),
    ]),
    zone: z.enum(ZONES),
    jurisdiction: z.string(),
    clearance: z.enum(CLASSES),
    withheld: z.array(z.enum(CATEGORIES)).optional(),
    terms: z
      .object({
        retentionDays: z.number().optional(),
        training: z.boolean().optional(),
        certifications: Names,
      })
      .optional(),
    state: z.enum(['enabled', 'discovered', 'listed', 'disabled']),
    origin: z.enum(['embedded', 'config', 'discovered', 'environment']),
    models: z.array(StoredModel),
  }),
)

/** What it was where it was masked; null: it could not be. */
export interface RecordedMask extends Omit<Label, 'class'> {
  readonly zones: readonly Zone[]
  readonly types: readonly string[]
  readonly of: readonly Category[]
  readonly class: DataClass | null
  readonly findings: Readonly<Record<string, number>>
}

/** What the evidence of a decision says of the request, enough to decide it again. */
export interface RecordedFacts extends Label {
  readonly surface: string
  readonly model: string
  readonly zones: readonly Zone[] | null
  readonly inputTokens: number
  readonly policy: string
  readonly catalogue: string
  readonly health: Health
  readonly limits?: KeyLimits
  readonly key?: string
  readonly findings?: Readonly<Record<string, number>>
  readonly application?: string
  readonly team?: string
  readonly person?: string
  readonly purpose?: string
  readonly latency?: RecordedLatency
  readonly masked?: readonly RecordedMask[]
}

/** What a decision took into account of the time to the first byte, milliseconds. */
export interface RecordedLatency {
  /** What the caller asked for; null: only rules did. */
  readonly asked: number | null
  /** As measured then, by `destination/model`. */
  readonly measured: Readonly<Record<string, number>>
}

/** The facts of a recorded decision, as they were decided on. */
export function recordedFacts(event: RecordedFacts): Facts {
  const { key = '', application, team, person, purpose, findings } = event
  return {
    tenant: '',
    label: { class: event.class, categories: event.categories, undetermined: event.undetermined },
    requestedModel: event.model,
    task: taskOfSurface(event.surface),
    surface: event.surface,
    caller: present({ key, application, team, person, purpose }),
    ...present({ findings }),
    ...(event.masked ? { masked: event.masked.map(maskedFacts) } : {}),
    ...(event.zones ? { zones: event.zones } : {}),
    ...(event.limits ? { limits: event.limits } : {}),
    ...latencyFacts(event.latency),
    inputTokensEstimate: event.inputTokens,
  }
}

function latencyFacts(latency: RecordedLatency | undefined): Partial<Facts> {
  if (!latency) return {}
  const { asked, measured } = latency
  return {
    ...(asked === null ? {} : { maxLatencyMs: asked }),
    measured: Object.fromEntries(
      Object.entries(measured).map(([place, firstByteMs]) => [
        place,
        { firstByteMs, tokensPerSecond: null },
      ]),
    ),
  }
}

/** What the order of a verdict was made by and the ledger does not keep: a replay finds the same places, in another order. */
export const leftOutByReplay = ({ prefer = DEFAULT_PREFERENCES }: Policy): readonly Preference[] =>
  preferencesOf(prefer).filter((one) => one === 'first-token' || one === 'throughput')

/** How it was masked decides nothing. */
const maskedFacts = (one: RecordedMask): MaskedFacts => ({
  zones: one.zones,
  duty: {
    types: one.types,
    categories: one.of,
    zones: one.zones,
    style: 'placeholder',
    tools: [],
  },
  label: one.class && {
    class: one.class,
    categories: one.categories,
    undetermined: one.undetermined,
  },
  findings: one.findings,
})

/**
 * The verdict of a recorded decision, decided again from the recorded facts and the policy and catalogue of that day;
 * this is where the refused list comes from. Refused when a stored document is not readable.
 */
export function replay(
  event: RecordedFacts,
  documents: { readonly policy: string; readonly catalogue: string },
): Result<Verdict, 'unreadable-document'> {
  const policy = storedPolicy(documents.policy, event.policy)
  const catalogue = StoredCatalogue.safeParse(parsed(documents.catalogue))
  if (!policy || !catalogue.success) return err('unreadable-document')
  const destinations = catalogue.data.map(
    ({ withheld, terms, models, ...destination }): Destination => ({
      ...destination,
      ...present({ withheld }),
      ...(terms ? { terms: present(terms) } : {}),
      models: models.map((model) => present(model)),
    }),
  )
  const facts = recordedFacts(event)
  return ok(decide(facts, policy, { destinations, version: event.catalogue }, event.health))
}

type Present<Fields> = {
  [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name]
} & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<
    Fields[Name],
    undefined
  >
}

/** Without the fields that have no value. */
const present = <Fields extends object>(fields: Fields): Present<Fields> =>
  // nothing but undefined is taken away, which is what the type says
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Present<Fields>

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
