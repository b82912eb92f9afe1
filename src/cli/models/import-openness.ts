import { usageIn } from '../usage-words.ts'
import { importIndex, type Skipped } from '#models/openness-index/import-index.ts'
import { printable } from '#kernel/printable.ts'
import type { Said } from '../terminal.ts'
import type { ModelsSubcommand } from './subcommand.ts'

const PROBLEMS: Readonly<Record<Skipped['code'], Said>> = {
  'not-yaml': { en: 'is no YAML', fr: "n'est pas du YAML" },
  'not-an-index': { en: 'is of neither index', fr: "n'est d'aucun des deux index" },
  'no-name': { en: 'names no model', fr: 'ne nomme aucun modèle' },
  'criterion-missing': { en: 'lacks a criterion', fr: 'manque un critère' },
  unreadable: { en: 'cannot be read', fr: 'est illisible' },
  'too-large': { en: 'is too large for one model', fr: 'est trop grand pour un modèle' },
}

/** `ecluse models import-openness`. */
export const importOpennessSubcommand: ModelsSubcommand = {
  summary: {
    en: 'Take in files of the European Open Source AI Index or the Model Openness Tool',
    fr: "Reprendre des fichiers de l'European Open Source AI Index ou du Model Openness Tool",
  },
  usage: 'FILE|FOLDER...',
  options: {},
  async run(args, context) {
    const { terminal } = context
    if (args.positionals.length === 0) {
      terminal.note(usageIn('ecluse models import-openness FILE|FOLDER...', terminal.language))
      return 3
    }
    const config = await context.config()
    if (!config) return 2
    const done = await importIndex(args.positionals, context.paths(config).opennessIndex)
    if (terminal.json) terminal.out(JSON.stringify(done))
    else {
      for (const { file, code, field } of done.problems) {
        const where = field === null ? '' : ` (${field})`
        terminal.note(`${printable(file)} ${terminal.say(PROBLEMS[code])}${where}`)
      }
      terminal.out(
        terminal.say({
          en: `${done.rows} taken in, ${done.problems.length} left out; ${done.known} imported in all (\`ecluse models openness NAME\`)`,
          fr: `${done.rows} repris, ${done.problems.length} laissés de côté ; ${done.known} importés en tout (\`ecluse models openness NOM\`)`,
        }),
      )
    }
    if (done.rows === 0) return 2
    return done.problems.length > 0 ? 1 : 0
  },
}
