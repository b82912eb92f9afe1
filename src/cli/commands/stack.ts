import { z } from 'zod'
import { ADMISSION_STATES } from '#kernel/admission.ts'
import { COMPONENT_WORDS } from '#models/catalogue/words.ts'
import { STACK_LAYERS, type StackComponent, type StackLayer } from '#models/stack/stack.ts'
import { adminProblem } from '../admin-client.ts'
import { textOption, type Command } from '../command.ts'
import { table, type Said, type Terminal } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'
import { beside } from '../wrap.ts'

const Answer = z.object({
  // the shape is that of the route, in this same program
  components: z.array(z.custom<StackComponent>((one) => typeof one === 'object' && one !== null)),
})

const LAYERS: Readonly<Record<StackLayer, Said>> = {
  data: { en: 'Data', fr: 'Données' },
  models: { en: 'Models', fr: 'Modèles' },
  hosting: { en: 'Hosting and inference', fr: 'Hébergement et inférence' },
  modifications: { en: 'Modifications', fr: 'Modifications' },
  api: { en: 'API and prompts', fr: 'API et invites' },
  tools: { en: 'Tools and guards', fr: 'Outils et garde-fous' },
  experience: { en: 'User experience', fr: 'Expérience utilisateur' },
}

/** `ecluse stack`: everything that runs, layer by layer. */
export const stack: Command = {
  name: 'stack',
  summary: {
    en: 'The AI stack in seven layers: what runs, how open, under which licence, how old, with which flaws',
    fr: 'La pile d’IA en sept couches : ce qui tourne, ouverture, licence, retard, failles',
  },
  usage:
    '[TEXT] [--layer data|models|hosting|modifications|api|tools|experience] [--zone Z] [--min-cvss N] [--behind] [--admission STATE]',
  options: {
    layer: { type: 'string' },
    zone: { type: 'string' },
    'min-cvss': { type: 'string' },
    behind: { type: 'boolean' },
    admission: { type: 'string' },
  },
  details: {
    en: 'Exit 1 when something exceeds a `max_cvss` of the policy. --behind shows what is not the newest version known.',
    fr: 'Sortie 1 quand quelque chose dépasse un `max_cvss` de la politique. --behind montre ce qui n’est pas la version connue la plus récente.',
  },
  async run(args, context) {
    const { terminal } = context
    const [text, ...more] = args.positionals
    const layer = textOption(args, 'layer')
    const least = Number(textOption(args, 'min-cvss') ?? 0)
    const admission = textOption(args, 'admission')
    const isKnown =
      (layer === undefined || STACK_LAYERS.some((one) => one === layer)) &&
      (admission === undefined || ADMISSION_FILTERS.some((one) => one === admission))
    if (!isKnown || more.length > 0 || !(least >= 0 && least <= 10)) {
      terminal.note(`ecluse stack ${stack.usage}`)
      return 3
    }
    const zone = textOption(args, 'zone')
    return withAdmin(context, async (admin) => {
      const answer = await admin.request('GET', '/api/stack')
      const read = Answer.safeParse(answer.body)
      if (!read.success) {
        terminal.note(adminProblem(answer, terminal.language))
        return 2
      }
      const shown = read.data.components.filter(
        (one) =>
          (layer === undefined || one.layer === layer) &&
          (zone === undefined || one.zone === zone) &&
          (admission === undefined || isOfAdmission(one, admission)) &&
          (least === 0 || (one.cvss ?? 0) >= least) &&
          (args.values['behind'] !== true || (one.lag?.behind ?? 0) > 0) &&
          (text === undefined ||
            `${one.id} ${one.name}`.toLowerCase().includes(text.toLowerCase())),
      )
      if (terminal.json) terminal.out(JSON.stringify(shown))
      else {
        const isFiltered = shown.length < read.data.components.length
        showLayers(shown, isFiltered || layer !== undefined, terminal)
      }
      return shown.some(({ exceeds }) => exceeds.length > 0) ? 1 : 0
    })
  },
}

/** Columns of a row that stand in its first line where there is room for few: name, version, figure. */
const FIRST = [0, 2, 5]

function showLayers(
  components: readonly StackComponent[],
  isFiltered: boolean,
  terminal: Terminal,
): void {
  const head = terminal
    .say({
      en: 'NAME WHERE VERSION LICENCE OPENNESS CVSS WEIGHTS',
      fr: 'NOM OÙ VERSION LICENCE OUVERTURE CVSS POIDS',
    })
    .split(' ')
  const cells = components.map((one) => cellsOf(one, terminal))
  const wide = table(head, cells)
  // what does not fit is put below, because the last column is the one that must be seen
  const isNarrow = terminal.isTty && wide.some((line) => line.length + 2 > terminal.columns)
  const first = (row: readonly string[]): string[] => FIRST.map((column) => row[column] ?? '')
  const lines = isNarrow ? table(first(head), cells.map(first)) : wide
  terminal.out(terminal.paint('dim', `  ${lines[0] ?? ''}`))
  for (const layer of STACK_LAYERS) {
    const here = components.flatMap((one, at) => (one.layer === layer ? [{ one, at }] : []))
    if (here.length === 0 && isFiltered) continue
    terminal.out(terminal.paint('bold', terminal.say(LAYERS[layer])))
    for (const { one, at } of here) {
      const line = `  ${lines[at + 1] ?? ''}`
      terminal.out(one.exceeds.length > 0 ? terminal.paint('red', line) : line)
      const rest = isNarrow ? (cells[at]?.filter((_, column) => !FIRST.includes(column)) ?? []) : []
      const below = [...rest, one.detail ?? '-'].filter((text) => text !== '-' && text !== '')
      if (below.length === 0) continue
      for (const line of isNarrow
        ? beside('    ', below.join(', '), terminal.columns)
        : [`    ${below.join(', ')}`])
        terminal.out(terminal.paint('dim', line))
    }
    if (here.length === 0)
      terminal.out(
        terminal.paint(
          'dim',
          terminal.say({ en: '  nothing is registered', fr: "  rien n'est enregistré" }),
        ),
      )
  }
}

function cellsOf(one: StackComponent, terminal: Terminal): string[] {
  const { openness, zone, destination, cvss, exceeds, state } = one
  const unknown = terminal.say({ en: 'unknown', fr: 'inconnu' })
  const where = [destination === one.name ? null : destination, zone].filter(
    (part) => part !== null,
  )
  const off = state === 'enabled' ? '' : ` (${state})`
  const hasVersion = one.version !== null || one.kind === 'engine' || one.kind === 'gateway'
  const [why] = openness.reasons
  return [
    one.name,
    `${where.join(' ')}${off}`,
    hasVersion ? `${one.version ?? unknown}${lagText(one, terminal)}` : '-',
    one.licence ?? unknown,
    openness.level === null
      ? '-'
      : `${openness.text}${why === undefined ? '' : ` ${reasonText(why, terminal)}`}`,
    cvss === null
      ? '-'
      : `${cvss.toFixed(1)}${exceeds.length > 0 ? ` > ${exceeds.join(',')}` : ''}`,
    weightsText(one, terminal),
  ]
}

/** What keeps a model from the next level, in words; anything else as it is. */
function reasonText(reason: string, terminal: Terminal): string {
  const component = COMPONENTS.get(reason.replace(/-not-open$/, ''))
  if (component === undefined) return reason
  const what = terminal.say(component)
  return terminal.say({ en: `(not open: ${what})`, fr: `(non ouvert : ${what})` })
}

const COMPONENTS = new Map<string, Said>(Object.entries(COMPONENT_WORDS))

/** States of an admission, and that nothing is recorded of one. */
const ADMISSION_FILTERS = [...ADMISSION_STATES, 'none'] as const

const isOfAdmission = ({ weights }: StackComponent, wanted: string): boolean =>
  weights !== null && (weights.admission?.state ?? 'none') === wanted

/** Where the weights of a model stand; what stops them, until when exceptions hold, and for which classes they are not enough. */
function weightsText({ kind, weights }: StackComponent, terminal: Terminal): string {
  if (kind !== 'model') return ''
  if (weights === null) return '-'
  const { admission, standing, stopped, attested, notFor } = weights
  const none = terminal.say({ en: 'not recorded', fr: 'rien de consigné' })
  const state = admission?.state ?? none
  const ends = (admission?.exceptions ?? []).map(({ kinds, until }) => {
    const day = new Date(until).toISOString().slice(0, 10)
    return terminal.say({
      en: `${kinds.join('+')} until ${day}`,
      fr: `${kinds.join('+')} jusqu'au ${day}`,
    })
  })
  return [
    state,
    ...(standing === state || admission !== null ? [] : [standing]),
    ...(attested === 'configured'
      ? [terminal.say({ en: 'by configuration', fr: 'selon la configuration' })]
      : []),
    ...(stopped === null || stopped === state ? [] : [stopped]),
    ...ends,
    ...(notFor.length === 0
      ? []
      : [
          terminal.say({
            en: `not enough for ${notFor.join(', ')}`,
            fr: `insuffisant pour ${notFor.join(', ')}`,
          }),
        ]),
  ].join('; ')
}

function lagText({ lag }: StackComponent, terminal: Terminal): string {
  if (lag === null || lag.behind === 0) return ''
  const count = lag.behind === null ? '' : `${lag.behind} `
  return terminal.say({
    en: ` (${count}behind ${lag.latest})`,
    fr: ` (${count}derrière ${lag.latest})`,
  })
}
