import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { decideText } from '#gateway/admin/decide-text.ts'
import type { Config } from '#config/types.ts'
import { ZONES } from '#kernel/destination.ts'
import { DUTY_NAMES } from '#kernel/duties.ts'
import { CATEGORIES, CLASSES, classRank, type DataClass, type Label } from '#kernel/label.ts'
import { dutyViews } from '#policy/explain-duties.ts'
import { callerFacts } from '#policy/facts.ts'
import { plainCaller } from '#kernel/exchange.ts'
import type { Context, ExitCode } from '../command.ts'

const DUTY_KINDS = ['mask', 'answers', ...DUTY_NAMES] as const

const Probe = z.strictObject({
  name: z.string().optional(),
  text: z.string(),
  model: z.string().default('auto'),
  key: z.string().optional(),
  team: z.string().optional(),
  application: z.string().optional(),
  person: z.string().optional(),
  purpose: z.string().optional(),
  expect: z
    .strictObject({
      class: z.enum(CLASSES).optional(),
      /** All of these are among the categories found. */
      categories: z.array(z.enum(CATEGORIES)).optional(),
      /** Exactly these zones are allowed, in any order; an empty list: none. */
      zones: z.array(z.enum(ZONES)).optional(),
      /** The destination that is asked first; null: none. */
      destination: z.string().nullable().optional(),
      /** The class that is left where it is masked; null: it cannot be masked, or nothing is. */
      masked: z.enum(CLASSES).nullable().optional(),
      /** All of these are asked for: mask, answers, no-store, disclose, second-opinion ... */
      duties: z.array(z.enum(DUTY_KINDS)).optional(),
      /** None of these is allowed. */
      never: z.array(z.string()).optional(),
    })
    .refine((expected) => Object.keys(expected).length > 0, 'expects nothing'),
})
const Probes = z.strictObject({ probes: z.array(Probe).min(1) })

interface Outcome {
  readonly name: string
  readonly passed: boolean
  /** What was expected and what was found, by what differs. */
  readonly differences: readonly {
    readonly of: string
    readonly expected: string
    readonly found: string
  }[]
}

/** Asks the policy every text of a file, and compares with what the file expects. */
export async function testPolicy(
  file: string,
  config: Config,
  context: Context,
): Promise<ExitCode> {
  const { terminal } = context
  const probes = readProbes(file)
  if (typeof probes === 'string') {
    terminal.note(`${file}: ${probes}`)
    return 2
  }
  const house = await context.offline(config)
  const outcomes: Outcome[] = []
  for (const [i, probe] of probes.entries()) outcomes.push(await outcomeOf(probe, i, house))
  const failed = outcomes.filter(({ passed }) => !passed).length
  if (terminal.json) terminal.out(JSON.stringify({ probes: outcomes.length, failed, outcomes }))
  else {
    for (const { name, passed, differences } of outcomes) {
      terminal.out(
        `${passed ? terminal.paint('green', 'ok') : terminal.paint('red', 'NO')}  ${name}`,
      )
      for (const { of, expected, found } of differences)
        terminal.out(
          `      ${of}: ${terminal.say({ en: `expected ${expected}, found ${found}`, fr: `attendu ${expected}, trouvé ${found}` })}`,
        )
    }
    terminal.out(
      terminal.say({
        en: `${outcomes.length - failed} of ${outcomes.length} as expected.`,
        fr: `${outcomes.length - failed} sur ${outcomes.length} conformes.`,
      }),
    )
  }
  return failed === 0 ? 0 : 1
}

type ReadProbe = z.infer<typeof Probe>
type OfflineHouse = Awaited<ReturnType<Context['offline']>>

async function outcomeOf(probe: ReadProbe, i: number, house: OfflineHouse): Promise<Outcome> {
  const { text, model, expect } = probe
  const caller = callerFacts({
    ...plainCaller('default', probe.key ?? '', ''),
    team: probe.team ?? null,
    application: probe.application ?? null,
    person: probe.person ?? null,
    purpose: probe.purpose ?? null,
  })
  const asked = { text, model, tenant: 'default', caller }
  const { label, verdict, masked } = await decideText(house, asked)
  const zones = [...new Set(verdict.allowed.map(({ zone }) => zone))]
  const allowed = new Set(verdict.allowed.map(({ destination }) => destination.id))
  const differences: Outcome['differences'][number][] = []
  const compare = (of: string, expected: string, found: string): void => {
    if (expected !== found) differences.push({ of, expected, found })
  }
  if (expect.class) compare('class', expect.class, label.class)
  const missing = expect.categories?.filter((one) => !label.categories.includes(one)) ?? []
  if (missing.length > 0)
    compare('categories', missing.join(' '), label.categories.join(' ') || '-')
  if (expect.zones) compare('zones', listed(expect.zones), listed(zones))
  if (expect.destination !== undefined)
    compare('destination', expect.destination ?? '-', verdict.chosen?.destination.id ?? '-')
  if (expect.masked !== undefined)
    compare('masked', expect.masked ?? '-', highestOf(masked.map((one) => one.label)) ?? '-')
  const duties = dutyViews(verdict.duties, 'en').map(({ kind }) => kind)
  const lacking = expect.duties?.filter((one) => !duties.includes(one)) ?? []
  if (lacking.length > 0) compare('duties', lacking.join(' '), listed(duties))
  const leaked = expect.never?.filter((id) => allowed.has(id)) ?? []
  if (leaked.length > 0) compare('never', `- ${leaked.join(' ')}`, leaked.join(' '))
  // the text itself may be what nobody should read in a log
  return { name: probe.name ?? `#${i + 1}`, passed: differences.length === 0, differences }
}

/** The highest class that is left in some zone; null where nothing is masked, or something cannot be. */
function highestOf(labels: readonly (Label | null)[]): DataClass | null {
  const ranks = labels.map((label) => (label === null ? null : classRank(label.class)))
  if (ranks.length === 0 || ranks.includes(null)) return null
  return CLASSES[Math.max(...ranks.map((rank) => rank ?? 0))] ?? null
}

const listed = (names: readonly string[]): string => names.toSorted().join(' ') || '-'

function readProbes(file: string): readonly ReadProbe[] | string {
  try {
    const read = Probes.safeParse(parse(readFileSync(file, 'utf8')))
    if (read.success) return read.data.probes
    const issue = read.error.issues[0]
    return `${issue?.path.join('.') ?? '?'}: ${issue?.message ?? '?'}`
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'not YAML'
  }
}
