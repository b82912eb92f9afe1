import type { Component, ComponentState, Family } from '#models/catalogue/family.ts'
import { shippedCatalogue } from '#models/catalogue/family.ts'
import { findFamily, statesOf } from '#models/catalogue/find-family.ts'
import { grade, type Grade, type OpennessLevel } from '#models/catalogue/grade.ts'
import { readImported } from '#models/openness-index/import-index.ts'
import { shippedIndexes } from '#models/openness-index/index-file.ts'
import { viewsNamed, viewsOf, type IndexView } from '#models/openness-index/index-view.ts'
import { printable } from '#models/signing/describe.ts'
import type { Context } from '../command.ts'
import type { Said, Terminal } from '../terminal.ts'
import type { ModelsSubcommand } from './subcommand.ts'

const LEVELS: Readonly<Record<OpennessLevel, Said>> = {
  1: { en: 'no access from outside', fr: "aucun accès de l'extérieur" },
  2: { en: 'an API only', fr: 'une API seulement' },
  3: { en: 'weights can be downloaded', fr: 'les poids se téléchargent' },
  4: {
    en: 'weights, and some of how they were made',
    fr: 'les poids, et une part de leur fabrication',
  },
  5: {
    en: 'weights, training code and a full account of the data',
    fr: "les poids, le code d'entraînement et un compte rendu complet des données",
  },
  6: { en: 'everything, data sets included', fr: 'tout, jeux de données compris' },
}

const COMPONENTS: Readonly<Record<Component | 'licence', Said>> = {
  weights: { en: 'weights', fr: 'poids' },
  checkpoints: { en: 'checkpoints', fr: 'points de reprise' },
  inference_code: { en: 'inference code', fr: "code d'inférence" },
  training_code: { en: 'training code', fr: "code d'entraînement" },
  data_processing_code: { en: 'data processing code', fr: 'code de traitement des données' },
  evaluation: { en: 'evaluation', fr: 'évaluation' },
  training_data: { en: 'training data', fr: "données d'entraînement" },
  finetuning_data: { en: 'tuning data', fr: "données d'ajustement" },
  data_information: { en: 'data information', fr: 'information sur les données' },
  paper: { en: 'paper', fr: 'article' },
  model_card: { en: 'model card', fr: 'fiche du modèle' },
  licence: { en: 'licence', fr: 'licence' },
}

const STATES: Readonly<Record<ComponentState, Said>> = {
  open: { en: 'open', fr: 'ouvert' },
  partial: { en: 'partial', fr: 'partiel' },
  closed: { en: 'closed', fr: 'fermé' },
  unknown: { en: 'unknown (counts as closed)', fr: 'inconnu (compte comme fermé)' },
}

/** The grade of a row, from its evidence. */
export const gradeOf = (family: Family): Grade => grade(statesOf(family), family.letter)

/** The row of a name; tells where there is none. */
export function rowOf(name: string | undefined, { terminal }: Context): Family | null {
  const family = name === undefined ? null : findFamily(name)
  if (family === null) {
    terminal.note(
      terminal.say({
        en: `Nothing is known of ${printable(name ?? '?')}: not in the catalogue (\`ecluse models catalogue\`).`,
        fr: `Rien n'est connu de ${printable(name ?? '?')} : absent du catalogue (\`ecluse models catalogue\`).`,
      }),
    )
  }
  return family
}

/** `ecluse models openness`. */
export const opennessSubcommand: ModelsSubcommand = {
  summary: {
    en: 'How open a model is, 1 to 6, with the evidence and what others say',
    fr: "Le degré d'ouverture d'un modèle, de 1 à 6, avec les preuves et l'avis d'autrui",
  },
  usage: 'NAME',
  options: {},
  async run(args, context) {
    const { terminal } = context
    const [name] = args.positionals
    if (name === undefined) {
      terminal.note('ecluse models openness NAME')
      return 3
    }
    const config = await context.config()
    if (!config) return 2
    const imported = await readImported(context.paths(config).opennessIndex)
    const family = findFamily(name)
    const views = family === null ? viewsNamed(name, imported) : viewsOf(family, imported)
    if (family === null && views.length === 0) return rowOf(name, context) === null ? 2 : 0
    if (terminal.json) {
      terminal.out(JSON.stringify({ ...(family && jsonOf(family)), indexes: views.map(jsonView) }))
      return 0
    }
    if (family === null) {
      terminal.out(
        terminal.say({
          en: `${printable(name)} is not in the catalogue; what indexes say of it is a lead, not a grade.`,
          fr: `${printable(name)} n'est pas au catalogue ; ce qu'en disent les index est un indice, pas une note.`,
        }),
      )
    } else showFamily(family, terminal)
    for (const view of views) showView(view, terminal)
    return 0
  },
}

function jsonOf(family: Family): object {
  const { id, developer, licence, evidence, osiView, mofClass, disagreement, retrieved } = family
  const name = family.family
  const graded = gradeOf(family)
  return {
    id,
    name,
    developer,
    licence,
    grade: graded,
    evidence,
    osiView,
    mofClass,
    disagreement,
    retrieved,
  }
}

function showFamily(family: Family, terminal: Terminal): void {
  const graded = gradeOf(family)
  const { evidence, osiView, mofClass, disagreement, retrieved } = family
  terminal.out(
    `${family.family} (${family.developer})  ${terminal.paint('bold', graded.text)}  ${terminal.say(LEVELS[graded.level])}`,
  )
  terminal.out(`  ${family.licence.name}`)
  for (const [component, { state, note, source, basis }] of Object.entries(evidence)) {
    const said = terminal.say(COMPONENTS[component as Component]).padEnd(30)
    const from = [...new Set([source, basis === 'stated' ? null : basis])]
      .filter((one) => one !== null)
      .join(', ')
    terminal.out(
      `  ${said}${terminal.say(STATES[state])}  ${terminal.paint('dim', `${note}${from === '' ? '' : ` [${from}]`}`)}`,
    )
  }
  if (graded.blockedBy.length > 0) {
    const what = graded.blockedBy.map((one) => terminal.say(COMPONENTS[one])).join(', ')
    terminal.out(
      terminal.say({
        en: `  the next level wants: ${what}`,
        fr: `  pour le niveau suivant : ${what}`,
      }),
    )
  }
  const strict = graded.strictOpenSource ? { en: 'yes', fr: 'oui' } : { en: 'no', fr: 'non' }
  terminal.out(
    terminal.say({
      en: `  open source in the strict sense: ${strict.en}; OSI: ${osiView ?? 'unknown'}; Model Openness Framework class: ${mofClass ?? 'unknown'}`,
      fr: `  open source au sens strict : ${strict.fr} ; OSI : ${osiView ?? 'inconnu'} ; classe Model Openness Framework : ${mofClass ?? 'inconnue'}`,
    }),
  )
  if (disagreement !== null)
    terminal.out(
      terminal.say({
        en: `  sources differ: ${disagreement}`,
        fr: `  les sources divergent : ${disagreement}`,
      }),
    )
  terminal.out(terminal.say({ en: `  as of ${retrieved}`, fr: `  état du ${retrieved}` }))
}

function jsonView({ row, states, score, mofClass, differs }: IndexView): object {
  const { id, name, developer, licence, link } = row
  return { id, name, developer, licence, link, score, mofClass, states, differs }
}

/** What an index says, and where it says something else than our evidence. */
function showView({ row, score, mofClass, differs, states }: IndexView, terminal: Terminal): void {
  const index = shippedIndexes().sources.find(({ id }) => row.id.startsWith(`${id}:`))
  const said =
    score === null
      ? terminal.say({
          en: `framework class ${mofClass ?? 'none'}`,
          fr: `classe du référentiel : ${mofClass ?? 'aucune'}`,
        })
      : `${score} / 12`
  terminal.out(
    `  ${index?.title ?? row.id}: ${printable(row.name)}  ${said}  ${terminal.paint('dim', row.licence === null ? '' : printable(row.licence))}`,
  )
  const told =
    differs.length > 0
      ? differs.map(({ component, theirs }) => [component, theirs] as const)
      : Object.entries(states).filter(([, state]) => state !== 'unknown')
  for (const [component, theirs] of told) {
    const what = `${terminal.say(COMPONENTS[component as Component])}: ${terminal.say(STATES[theirs])}` // keys of states
    terminal.out(terminal.paint('dim', `    ${differs.length > 0 ? '≠ ' : ''}${what}`))
  }
}

/** The sources of a row, by their titles. */
export const sourceTitles = (ids: readonly string[]): readonly string[] =>
  ids.map((id) => shippedCatalogue().sources[id]?.title ?? id)
