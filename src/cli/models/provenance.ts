import { usageIn } from '../usage-words.ts'
import { z } from 'zod'
import { provenanceOfModel, type ModelProvenance } from '#models/provenance/of-model.ts'
import type { Provenance, ProvenanceAnswer } from '#models/provenance/provenance.ts'
import { printable } from '#kernel/printable.ts'
import { findModel } from '#models/store/find-model.ts'
import type { Manifest } from '#models/store/manifest.ts'
import { dataSetId, type DataSet } from '#models/data-sets/data-set.ts'
import { dataSetsOf, type UsedDataSet } from '#models/data-sets/data-sets-of.ts'
import { refusedAnswer } from '../admin-table.ts'
import type { Context } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'
import { beside } from '../wrap.ts'
import { USE_WORDS } from './data-sets.ts'
import { claimsOfWord } from './claims-of-word.ts'
import type { ModelsSubcommand } from './subcommand.ts'

/** `ecluse models provenance`. */
export const provenanceSubcommand: ModelsSubcommand = {
  summary: {
    en: 'Where the training data of a model comes from, as far as anybody says',
    fr: "D'où viennent les données d'entraînement d'un modèle, pour autant qu'on le dise",
  },
  usage: 'NAME|PATH',
  options: {},
  async run(args, context) {
    const { terminal } = context
    const [word, ...more] = args.positionals
    if (word === undefined || more.length > 0) {
      terminal.note(
        `ecluse models provenance ${usageIn(provenanceSubcommand.usage, terminal.language)}`,
      )
      return 3
    }
    const config = await context.config()
    if (!config) return 2
    const claims = await claimsOfWord(word, context.paths(config).models)
    const stored = await findModel(context.paths(config).models, word)
    const registered = await registeredFor([word, claims?.name ?? word], stored, context)
    if (registered === null) return 2
    const found = provenanceOfModel(claims?.name ?? word, claims?.bases, registered)
    if (!found) {
      terminal.note(
        terminal.say({
          en: `Nothing is known of the training data of ${printable(word)}: no row of the catalogue (\`ecluse models catalogue\`), and no file that says what it was made from.`,
          fr: `Rien n'est connu des données d'entraînement de ${printable(word)} : aucune ligne du catalogue (\`ecluse models catalogue\`), aucun fichier qui dise de quoi il est fait.`,
        }),
      )
      return 2
    }
    if (terminal.json) terminal.out(JSON.stringify(found))
    else showProvenance(found, terminal)
    return 0
  },
}

/** The data sets of the company that name a model; null: they could not be asked for, and that was told. */
async function registeredFor(
  names: readonly string[],
  stored: Manifest | null,
  context: Context,
): Promise<readonly UsedDataSet[] | null> {
  const found = new Map<string, DataSet>()
  const all = [...names, ...(stored === null ? [] : [stored.name, ...stored.aliases])]
  const digests = [stored?.digest ?? null]
  const code = await withAdmin(context, async (admin) => {
    for (const model of new Set([...all, ...digests])) {
      if (model === null) continue
      const query = new URLSearchParams({ model: model.slice(0, 300), limit: '1000' })
      const answer = await admin.request('GET', `/api/datasets?${query.toString()}`)
      const read = Registered.safeParse(answer.body)
      if (!read.success) return refusedAnswer(context, answer)
      for (const one of read.data.dataSets) found.set(dataSetId(one), one)
    }
    return 0
  })
  return code === 0 ? dataSetsOf([...found.values()], { names: all, digests }) : null
}

// the shape is that of the route, in this same program
const Registered = z.object({
  dataSets: z.array(z.custom<DataSet>((one) => typeof one === 'object' && one !== null)),
})

function showRegistered(dataSets: readonly UsedDataSet[], terminal: Terminal): void {
  if (dataSets.length === 0) return
  terminal.out(
    terminal.say({
      en: 'Registered data sets of the company:',
      fr: "Jeux de données enregistrés de l'entreprise :",
    }),
  )
  for (const { dataSet, use } of dataSets) {
    const { origin, licence, personalData } = dataSet
    const head = `  ${printable(dataSetId(dataSet))}  ${terminal.say(USE_WORDS[use])}  `
    const personal = terminal.say({
      en: `personal data: ${personalData}`,
      fr: `données personnelles : ${PERSONAL[personalData]}`,
    })
    const text = [origin, licence, personal].filter((one) => one !== null).join('; ')
    for (const line of beside(head, printable(text), terminal.columns)) terminal.out(line)
  }
}

const PERSONAL = { yes: 'oui', no: 'non', unknown: 'inconnu' } as const

function showProvenance(found: ModelProvenance, terminal: Terminal): void {
  const { name, own, bases, dataSets } = found
  showRegistered(dataSets ?? [], terminal)
  if (own !== null) showOne(own, terminal)
  else if (bases.length > 0 && dataSets?.some(({ use }) => use !== 'evaluation') === true)
    terminal.out(
      terminal.say({
        en: `${printable(name)} was made from:`,
        fr: `${printable(name)} est fait de :`,
      }),
    )
  else if (bases.length > 0)
    terminal.out(
      terminal.say({
        en: `${printable(name)}: what it was tuned on is unknown. It was made from:`,
        fr: `${printable(name)} : ce sur quoi il a été ajusté est inconnu. Il est fait de :`,
      }),
    )
  for (const base of bases) {
    if (own !== null)
      terminal.out(
        terminal.say({
          en: `made from ${printable(base.name)}:`,
          fr: `fait de ${printable(base.name)} :`,
        }),
      )
    if (base.provenance !== null) showOne(base.provenance, terminal)
    else
      terminal.out(
        terminal.say({
          en: `  ${printable(base.name)}: unknown`,
          fr: `  ${printable(base.name)} : inconnu`,
        }),
      )
  }
}

const COLOURS: Readonly<Record<string, 'green' | 'yellow' | 'red'>> = {
  yes: 'green',
  open: 'green',
  published: 'green',
  partly: 'yellow',
  partial: 'yellow',
  unstated: 'yellow',
  no: 'red',
  closed: 'red',
  'not-found': 'red',
}
/** Of the longest question in that language, and two more. */
const QUESTION = { en: 33, fr: 38 } as const
const ANSWER = 13

function showOne(found: Provenance, terminal: Terminal): void {
  terminal.out(`${terminal.paint('bold', found.model)} (${found.developer})`)
  const numbers = new Map(found.sources.map(({ id }, at) => [id, at + 1]))
  for (const answer of found.answers) showAnswer(answer, numbers, terminal)
  for (const line of dutyLines(found, terminal)) terminal.out(terminal.paint('dim', line))
  terminal.out(
    terminal.say({
      en: `  sources, as of ${found.retrieved}:`,
      fr: `  sources, état du ${found.retrieved} :`,
    }),
  )
  for (const { id, title, url, date } of found.sources) {
    const text = [title, date, url].filter((one) => one !== null).join(', ')
    for (const line of beside(`  [${numbers.get(id) ?? '?'}] `, text, terminal.columns))
      terminal.out(terminal.paint('dim', line))
  }
}

function showAnswer(
  { question, answer, words, note, source, basis, url }: ProvenanceAnswer,
  numbers: ReadonlyMap<string, number>,
  terminal: Terminal,
): void {
  const refs = (source?.split(',') ?? []).map((id) => `[${numbers.get(id) ?? '?'}]`).join('')
  const sure =
    basis === 'recalled'
      ? terminal.say({ en: ' (general knowledge)', fr: ' (culture générale)' })
      : ''
  const head = `  ${terminal.say(question).padEnd(QUESTION[terminal.language])}`
  const unknown = terminal.say({ en: 'unknown', fr: 'inconnu' })
  if (answer === null) {
    terminal.out(`${head}${terminal.paint('yellow', unknown)}`)
    return
  }
  const said = words === null ? '' : terminal.say(words).padEnd(ANSWER)
  const text = [words === null ? answer : note, url].filter((one) => one !== null).join(' ')
  const [first = '', ...more] = beside(`${head}${said}`, `${text}${sure} ${refs}`, terminal.columns)
  const colour = COLOURS[answer]
  terminal.out(
    words === null || colour === undefined
      ? first
      : `${head}${terminal.paint(colour, said)}${first.slice(head.length + said.length)}`,
  )
  for (const line of more) terminal.out(line)
}

/** What the law asks of such a model, where its summary was not found. */
function dutyLines({ answers, summaryDuty }: Provenance, terminal: Terminal): readonly string[] {
  const summary = answers.find(({ id }) => id === 'public_summary')
  const { due, isOlder } = summaryDuty
  if (summary?.answer === 'published' || due === null) return []
  const text = terminal.say(
    isOlder
      ? {
          en: `A general-purpose model of its age owes the public summary by ${due}, where it is on the market of the Union.`,
          fr: `Un modèle à usage général de cet âge doit le résumé public d'ici au ${due}, s'il est sur le marché de l'Union.`,
        }
      : {
          en: `A general-purpose model of its age owes the public summary since ${due}, where it is on the market of the Union.`,
          fr: `Un modèle à usage général de cet âge doit le résumé public depuis le ${due}, s'il est sur le marché de l'Union.`,
        },
  )
  return beside('  ', text, terminal.columns)
}
