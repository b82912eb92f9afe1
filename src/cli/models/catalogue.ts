import { FAMILY_FILTERS, FAMILY_FILTERS_USAGE, listFamilies } from './list-families.ts'
import type { ModelsSubcommand } from './subcommand.ts'

/** `ecluse models catalogue`. */
export const catalogueSubcommand: ModelsSubcommand = {
  summary: {
    en: 'Known families of models, with level, reason and licence',
    fr: 'Les familles de modèles connues, avec niveau, raison et licence',
  },
  usage: `[TEXT] ${FAMILY_FILTERS_USAGE}`,
  options: FAMILY_FILTERS,
  run(args, context) {
    return Promise.resolve(listFamilies(args, context.terminal))
  },
}
