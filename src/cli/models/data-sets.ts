import { z } from 'zod'
import type { DataSet, DataSetUse } from '#models/data-sets/data-set.ts'
import { printable } from '#kernel/printable.ts'
import { fileDigest } from '#models/store/digest.ts'
import { changeRow, filtered, listRows, refusedAnswer } from '../admin-table.ts'
import { textOption, type Context, type ExitCode, type Parsed } from '../command.ts'
import type { Said, Terminal } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'
import { beside } from '../wrap.ts'
import { keepBillAfter } from './bom-history.ts'
import { textOptions, type ModelsSubcommand } from './subcommand.ts'

/** How a data set was used, in words, and the option that says so. */
export const USE_WORDS: Readonly<Record<DataSetUse, Said>> = {
  pretraining: { en: 'trained', fr: 'entraîné' },
  tuning: { en: 'tuned', fr: 'ajusté' },
  evaluation: { en: 'measured', fr: 'mesuré' },
}
const USE_OPTIONS = { trained: 'pretraining', tuned: 'tuning', measured: 'evaluation' } as const

const FILTERS = ['model', 'use', 'licence', 'class', 'personal', 'after', 'limit'] as const
const SAID = ['origin', 'publisher', 'licence', 'location', 'built', 'released', 'class'] as const

// the shape is that of the route, in this same program
const Row = z.custom<DataSet>((one) => typeof one === 'object' && one !== null && 'origin' in one)

/** `ecluse models datasets`. */
export const dataSetsSubcommand: ModelsSubcommand = {
  summary: {
    en: "The company's own data sets, and the models that were made or measured with them",
    fr: "Les jeux de données de l'entreprise, et les modèles faits ou mesurés avec eux",
  },
  usage:
    '[TEXT] [--model M] [--use pretraining|tuning|evaluation] [--licence L] [--class C] [--personal yes|no|unknown] | add NAME@VERSION --origin TEXT [--file PATH | --digest HEX] [--location URI] [--licence SPDX] [--publisher WHO] [--built DAY] [--released DAY] [--personal P] [--class C] [--trained MODEL] [--tuned MODEL] [--measured MODEL] [--replace] | show NAME@VERSION | rm NAME@VERSION',
  options: {
    model: { type: 'string' },
    use: { type: 'string' },
    licence: { type: 'string' },
    class: { type: 'string' },
    personal: { type: 'string' },
    after: { type: 'string' },
    limit: { type: 'string' },
    origin: { type: 'string' },
    publisher: { type: 'string' },
    file: { type: 'string' },
    digest: { type: 'string' },
    location: { type: 'string' },
    built: { type: 'string' },
    released: { type: 'string' },
    trained: { type: 'string', multiple: true },
    tuned: { type: 'string', multiple: true },
    measured: { type: 'string', multiple: true },
    replace: { type: 'boolean' },
  },
  async run(args, context) {
    const [verb, id, ...more] = args.positionals
    const isVerb = verb === 'add' || verb === 'show' || verb === 'rm'
    if (isVerb && id !== undefined && more.length === 0) {
      if (verb === 'add') return add(id, args, context)
      return verb === 'show' ? show(id, context) : remove(id, context)
    }
    if (!isVerb && id === undefined) return list(verb, args, context)
    for (const form of dataSetsSubcommand.usage.split(' | '))
      context.terminal.note(`ecluse models datasets ${form}`)
    return 3
  },
}

const list = (text: string | undefined, args: Parsed, context: Context): Promise<ExitCode> =>
  withAdmin(context, (admin) => {
    const values = text === undefined ? args.values : { ...args.values, text }
    const path = filtered('/api/datasets', { ...args, values }, ['text', ...FILTERS])
    return listRows(context, admin, path, 'dataSets', [
      {
        head: { en: 'DATA SET', fr: 'JEU' },
        of: (row) => printable(`${String(row['name'])}@${String(row['version'])}`),
      },
      { head: { en: 'LICENCE', fr: 'LICENCE' }, of: 'licence' },
      { head: { en: 'CLASS', fr: 'CLASSE' }, of: 'class' },
      {
        head: { en: 'PERSONAL', fr: 'PERSONNEL' },
        of: (row) => context.terminal.say(PERSONAL[String(row['personalData'])] ?? UNKNOWN),
      },
      {
        head: { en: 'MODELS', fr: 'MODÈLES' },
        of: (row) => modelsText(Row.parse(row), context.terminal),
      },
    ])
  })

const UNKNOWN: Said = { en: 'unknown', fr: 'inconnu' }
const PERSONAL: Readonly<Record<string, Said>> = {
  yes: { en: 'yes', fr: 'oui' },
  no: { en: 'no', fr: 'non' },
}

const modelsText = ({ models }: DataSet, terminal: Terminal): string =>
  models.length === 0
    ? '-'
    : models
        .map(({ model, use }) => `${terminal.say(USE_WORDS[use])} ${printable(model)}`)
        .join(', ')

async function add(id: string, args: Parsed, context: Context): Promise<ExitCode> {
  const { terminal } = context
  const file = textOption(args, 'file')
  let digest = textOption(args, 'digest')
  if (file !== undefined && digest !== undefined) {
    terminal.note('ecluse models datasets add: --file | --digest')
    return 3
  }
  if (file !== undefined) {
    try {
      digest = await fileDigest(file)
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : '?'
      terminal.note(`${printable(file)}: ${why}`)
      return 2
    }
  }
  const said = SAID.flatMap((name) => {
    const value = textOption(args, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const personalData = textOption(args, 'personal')
  const body = {
    ...Object.fromEntries(said),
    ...(digest === undefined ? {} : { digest }),
    ...(personalData === undefined ? {} : { personalData }),
    models: Object.entries(USE_OPTIONS).flatMap(([option, use]) =>
      textOptions(args, option).map((model) => ({ model, use })),
    ),
  }
  const query = args.values['replace'] === true ? '?replace=true' : ''
  const name = printable(id)
  return withAdmin(context, async (admin) => {
    const path = `/api/datasets/${encodeURIComponent(id)}${query}`
    const code = await changeRow(context, admin, 'PUT', path, body, (row) =>
      row['isNew'] === true
        ? { en: `${name} is registered.`, fr: `${name} est enregistré.` }
        : { en: `${name} is now as told.`, fr: `${name} est désormais comme dit.` },
    )
    if (code === 0) await keepBillAfter(admin, context)
    return code
  })
}

const remove = (id: string, context: Context): Promise<ExitCode> =>
  withAdmin(context, async (admin) => {
    const name = printable(id)
    const path = `/api/datasets/${encodeURIComponent(id)}`
    if ((await admin.request('GET', path)).status === 404) return tellAbsent(name, context)
    const code = await changeRow(context, admin, 'DELETE', path, undefined, () => ({
      en: `${name} is registered no more; the ledger and kept bills still tell of it.`,
      fr: `${name} n'est plus enregistré ; le registre et les nomenclatures conservées en témoignent.`,
    }))
    if (code === 0) await keepBillAfter(admin, context)
    return code
  })

function tellAbsent(name: string, { terminal }: Context): ExitCode {
  terminal.note(
    terminal.say({
      en: `There is no data set ${name} (\`ecluse models datasets\`).`,
      fr: `Il n'y a pas de jeu de données ${name} (\`ecluse models datasets\`).`,
    }),
  )
  return 1
}

const show = (id: string, context: Context): Promise<ExitCode> =>
  withAdmin(context, async (admin) => {
    const { terminal } = context
    const answer = await admin.request('GET', `/api/datasets/${encodeURIComponent(id)}`)
    if (answer.status === 404) return tellAbsent(printable(id), context)
    const read = Row.safeParse(answer.body)
    if (!read.success) return refusedAnswer(context, answer)
    if (terminal.json) terminal.out(JSON.stringify(read.data))
    else showDataSet(read.data, terminal)
    return 0
  })

/** What is said of a registered data set, one thing a line. */
export function showDataSet(one: DataSet, terminal: Terminal): void {
  terminal.out(terminal.paint('bold', printable(`${one.name}@${one.version}`)))
  const lines: readonly (readonly [Said, string | null])[] = [
    [{ en: 'origin', fr: 'origine' }, one.origin],
    [{ en: 'publisher', fr: 'éditeur' }, one.publisher],
    [{ en: 'licence', fr: 'licence' }, one.licence],
    [{ en: 'class', fr: 'classe' }, one.class],
    [
      { en: 'personal data', fr: 'données personnelles' },
      terminal.say(PERSONAL[one.personalData] ?? UNKNOWN),
    ],
    [{ en: 'location', fr: 'emplacement' }, one.location],
    [{ en: 'digest', fr: 'empreinte' }, one.digest === null ? null : `sha256:${one.digest}`],
    [{ en: 'built', fr: 'constitué' }, one.built],
    [{ en: 'released', fr: 'publié' }, one.released],
    [{ en: 'models', fr: 'modèles' }, modelsText(one, terminal)],
  ]
  const width = Math.max(...lines.map(([name]) => terminal.say(name).length))
  for (const [name, value] of lines) {
    const head = `  ${terminal.say(name).padEnd(width)}  `
    const text = value === null ? terminal.say(UNKNOWN) : printable(value)
    for (const line of beside(head, text, terminal.columns)) terminal.out(line)
  }
}
