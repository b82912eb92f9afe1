import type { Component, Evidence, Family } from '#models/catalogue/family.ts'
import { shippedCatalogue } from '#models/catalogue/family.ts'
import { findFamily } from '#models/catalogue/find-family.ts'
import { gradeOf } from '#models/catalogue/grade-family.ts'
import { reasonOf } from '#models/catalogue/reason.ts'
import { COMPONENT_WORDS, LEVEL_WORDS, STATE_WORDS } from '#models/catalogue/words.ts'
import { readImported } from '#models/openness-index/import-index.ts'
import { shippedIndexes } from '#models/openness-index/index-file.ts'
import {
  jsonOfView,
  viewsNamed,
  viewsOf,
  type IndexView,
} from '#models/openness-index/index-view.ts'
import { printable } from '#kernel/printable.ts'
import type { Context } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { beside } from '../wrap.ts'
import { FAMILY_FILTERS, FAMILY_FILTERS_USAGE, isFiltered, listFamilies } from './list-families.ts'
import type { ModelsSubcommand } from './subcommand.ts'

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
  usage: `NAME | [TEXT] ${FAMILY_FILTERS_USAGE}`,
  options: FAMILY_FILTERS,
  async run(args, context) {
    const { terminal } = context
    const config = await context.config()
    if (!config) return 2
    const imported = await readImported(context.paths(config).opennessIndex)
    const [name] = args.positionals
    if (name === undefined || isFiltered(args)) return listFamilies(args, terminal, imported)
    const family = findFamily(name)
    const views = family === null ? viewsNamed(name, imported) : viewsOf(family, imported)
    if (family === null && views.length === 0) return rowOf(name, context) === null ? 2 : 0
    if (terminal.json) {
      terminal.out(
        JSON.stringify({ ...(family && jsonOf(family)), indexes: views.map(jsonOfView) }),
      )
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
  const { evidence, osiView, mofClass, disagreement, retrieved, access } = family
  const say = (line: string): void => {
    for (const one of beside('  ', line, terminal.columns)) terminal.out(one)
  }
  terminal.out(
    `${family.family} (${family.developer})  ${terminal.paint('bold', graded.text)}  ${terminal.say(LEVEL_WORDS[graded.level])}`,
  )
  say(terminal.say(reasonOf(family, graded)))
  say(family.licence.name)
  if (access !== undefined) say(`${access.note} [${access.source}]`)
  for (const [component, found] of Object.entries(evidence))
    showEvidence(component as Component, found, terminal) // a key of evidence
  if (graded.blockedBy.length > 0) {
    const what = graded.blockedBy.map((one) => terminal.say(COMPONENT_WORDS[one])).join(', ')
    say(
      terminal.say({
        en: `the next level wants: ${what}`,
        fr: `pour le niveau suivant : ${what}`,
      }),
    )
  }
  const strict = graded.strictOpenSource ? { en: 'yes', fr: 'oui' } : { en: 'no', fr: 'non' }
  say(
    terminal.say({
      en: `open source in the strict sense: ${strict.en}; OSI: ${osiView ?? 'unknown'}; Model Openness Framework class: ${mofClass ?? 'unknown'}`,
      fr: `open source au sens strict : ${strict.fr} ; OSI : ${osiView === null || osiView === 'unknown' ? 'inconnu' : osiView} ; classe Model Openness Framework : ${mofClass ?? 'inconnue'}`,
    }),
  )
  if (disagreement !== null)
    say(
      terminal.say({
        en: `sources differ: ${disagreement}`,
        fr: `les sources divergent : ${disagreement}`,
      }),
    )
  say(
    terminal.say({
      en: `as of ${retrieved}; what is unknown counts as closed`,
      fr: `état du ${retrieved} ; ce qui est inconnu compte comme fermé`,
    }),
  )
}

const COLOURS = { open: 'green', partial: 'yellow', closed: 'red', unknown: 'dim' } as const

/** One part: its state, and beside it what was found, where, and how sure that is. */
function showEvidence(
  component: Component,
  { state, note, source, basis }: Evidence,
  terminal: Terminal,
): void {
  const [said, short] = [terminal.say(COMPONENT_WORDS[component]), terminal.say(STATE_WORDS[state])]
  const from = [...new Set([source, basis === 'stated' ? null : basis])]
    .filter((one) => one !== null)
    .join(', ')
  const head = `  ${said.padEnd(terminal.language === 'fr' ? 34 : 22)}${short.padEnd(9)}`
  const [first = '', ...more] = beside(
    head,
    `${note}${from === '' ? '' : ` [${from}]`}`,
    terminal.columns,
  )
  terminal.out(
    `${head.slice(0, head.length - 9)}${terminal.paint(COLOURS[state], short.padEnd(9))}${first.slice(head.length)}`,
  )
  for (const line of more) terminal.out(line)
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
    const what = `${terminal.say(COMPONENT_WORDS[component as Component])}: ${terminal.say(STATE_WORDS[theirs])}` // keys of states
    terminal.out(terminal.paint('dim', `    ${differs.length > 0 ? '≠ ' : ''}${what}`))
  }
}

/** The sources of a row, by their titles. */
export const sourceTitles = (ids: readonly string[]): readonly string[] =>
  ids.map((id) => shippedCatalogue().sources[id]?.title ?? id)
