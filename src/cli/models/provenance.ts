import { provenanceOf } from '#models/provenance/provenance.ts'
import type { ModelsSubcommand } from './subcommand.ts'
import { rowOf, sourceTitles } from './openness.ts'

/** `ecluse models provenance`. */
export const provenanceSubcommand: ModelsSubcommand = {
  summary: {
    en: 'Where the training data of a model comes from, as far as anybody says',
    fr: "D'où viennent les données d'entraînement d'un modèle, pour autant qu'on le dise",
  },
  usage: 'NAME',
  options: {},
  run(args, context) {
    const { terminal } = context
    const [name] = args.positionals
    if (name === undefined) {
      terminal.note('ecluse models provenance NAME')
      return Promise.resolve(3)
    }
    const family = rowOf(name, context)
    if (family === null) return Promise.resolve(2)
    const provenance = provenanceOf(family)
    if (terminal.json) {
      terminal.out(JSON.stringify(provenance))
      return Promise.resolve(0)
    }
    const unknown = terminal.say({ en: 'unknown', fr: 'inconnu' })
    terminal.out(`${family.family} (${family.developer})`)
    for (const { question, answer, note } of provenance.answers) {
      const said = terminal.say(question).padEnd(38)
      terminal.out(
        `  ${said}${answer ?? terminal.paint('yellow', unknown)}${note === null ? '' : terminal.paint('dim', `  ${note}`)}`,
      )
    }
    const titles = sourceTitles(provenance.sources).join('; ')
    terminal.out(
      terminal.say({
        en: `  sources: ${titles} (${provenance.retrieved})`,
        fr: `  sources : ${titles} (${provenance.retrieved})`,
      }),
    )
    return Promise.resolve(0)
  },
}
