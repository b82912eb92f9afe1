import { shippedCatalogue } from '#models/catalogue/family.ts'
import { textOption } from '../command.ts'
import { table } from '../terminal.ts'
import { gradeOf } from './openness.ts'
import type { ModelsSubcommand } from './subcommand.ts'

/** `ecluse models catalogue`. */
export const catalogueSubcommand: ModelsSubcommand = {
  summary: {
    en: 'Known families of models, with level and licence',
    fr: 'Les familles de modèles connues, avec leur niveau et leur licence',
  },
  usage:
    '[TEXT] [--min-openness 1..6] [--letter O,R,C,N,X] [--licence ID] [--country CC] [--modality text|image|audio|video] [--strict]',
  options: {
    'min-openness': { type: 'string' },
    letter: { type: 'string' },
    licence: { type: 'string' },
    country: { type: 'string' },
    modality: { type: 'string' },
    strict: { type: 'boolean' },
  },
  run(args, context) {
    const { terminal } = context
    const least = textOption(args, 'min-openness') ?? '1'
    if (!/^[1-6]$/.test(least)) {
      terminal.note('--min-openness 1..6')
      return Promise.resolve(3)
    }
    const letters = textOption(args, 'letter')?.toUpperCase().split(',')
    const [licence, country, modality] = ['licence', 'country', 'modality'].map((name) =>
      textOption(args, name)?.toLowerCase(),
    )
    const text = args.positionals[0]?.toLowerCase()
    const rows = shippedCatalogue()
      .families.map((family) => ({ family, graded: gradeOf(family) }))
      .filter(
        ({ family, graded }) =>
          graded.level >= Number(least) &&
          (letters === undefined || letters.includes(graded.letter)) &&
          (licence === undefined ||
            family.licence.id?.toLowerCase() === licence ||
            family.licence.spdx?.toLowerCase() === licence) &&
          (country === undefined ||
            (family.country ?? '').toLowerCase().split('/').includes(country)) &&
          (modality === undefined || family.modalities.includes(modality)) &&
          (args.values['strict'] !== true || graded.strictOpenSource) &&
          (text === undefined ||
            `${family.id} ${family.family} ${family.developer}`.toLowerCase().includes(text)),
      )
    if (terminal.json) {
      for (const { family, graded } of rows) {
        const {
          id,
          developer,
          country: of,
          release,
          modalities,
          licence: under,
          retrieved,
        } = family
        terminal.out(
          JSON.stringify({
            id,
            name: family.family,
            developer,
            country: of,
            release,
            modalities,
            licence: under.id,
            grade: graded,
            retrieved,
          }),
        )
      }
      return Promise.resolve(rows.length > 0 ? 0 : 1)
    }
    const head =
      terminal.language === 'fr'
        ? ['ID', 'NIVEAU', 'LICENCE', 'DÉVELOPPEUR', 'SORTIE']
        : ['ID', 'LEVEL', 'LICENCE', 'DEVELOPER', 'RELEASE']
    const cells = rows.map(({ family, graded }) => [
      family.id,
      graded.text,
      family.licence.id ?? family.licence.name,
      family.developer,
      family.release ?? '?',
    ])
    for (const line of table(head, cells)) terminal.out(line)
    return Promise.resolve(rows.length > 0 ? 0 : 1)
  },
}
