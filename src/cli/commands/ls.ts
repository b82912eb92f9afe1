import { listModels } from '#models/store/find-model.ts'
import type { Manifest } from '#models/store/manifest.ts'
import type { Command } from '../command.ts'
import { bytesText, table } from '../terminal.ts'

/** `ecluse ls`: the models on this machine. */
export const ls: Command = {
  name: 'ls',
  summary: { en: 'List the models on board', fr: 'Lister les modèles embarqués' },
  usage: '[NAME]',
  options: {},
  async run(args, context) {
    const config = await context.config()
    if (!config) return 2
    const { terminal } = context
    const wanted = args.positionals[0]?.toLowerCase() ?? ''
    const models = (await listModels(context.paths(config).models)).filter(({ name }) =>
      name.includes(wanted),
    )
    if (terminal.json) {
      terminal.out(JSON.stringify(models))
      return 0
    }
    if (models.length === 0) {
      terminal.note(
        terminal.say({
          en: 'No model yet: `ecluse pull smollm2`.',
          fr: 'Pas encore de modèle : `ecluse pull smollm2`.',
        }),
      )
      return 0
    }
    const head = terminal.say({
      en: 'NAME SIZE QUANT PARAMETERS CONTEXT LICENCE OPENNESS DIGEST PULLED',
      fr: 'NOM TAILLE QUANT PARAMÈTRES CONTEXTE LICENCE OUVERTURE EMPREINTE REÇU',
    })
    for (const line of table(head.split(' '), models.map(row))) terminal.out(line)
    return 0
  },
}

const row = (model: Manifest): string[] => [
  model.name,
  bytesText(model.bytes),
  model.quantisation ?? '-',
  model.parameters === null ? '-' : `${(model.parameters / 1e6).toFixed(0)}M`,
  String(model.contextTokens ?? '-'),
  model.licence ?? '-',
  model.openness === null ? '-' : String(model.openness),
  model.digest.slice(0, 12),
  model.pulledAt.slice(0, 10),
]
