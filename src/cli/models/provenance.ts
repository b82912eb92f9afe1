import { usageIn } from '../usage-words.ts'
import { provenanceOfModel, type ModelProvenance } from '#models/provenance/of-model.ts'
import type { Provenance, ProvenanceAnswer } from '#models/provenance/provenance.ts'
import { printable } from '#models/signing/describe.ts'
import type { Terminal } from '../terminal.ts'
import { beside } from '../wrap.ts'
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
    const found = claims && provenanceOfModel(claims.name, claims.bases)
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

function showProvenance({ name, own, bases }: ModelProvenance, terminal: Terminal): void {
  if (own !== null) showOne(own, terminal)
  else
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
