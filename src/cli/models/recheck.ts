import { findModel, listModels } from '#models/store/find-model.ts'
import { filesOf } from '#models/store/manifest.ts'
import { reverifyFiles, type BlobState } from '#models/store/verify-blob.ts'
import { bytesText, table, type Said } from '../terminal.ts'
import { noSuchModel } from './no-such-model.ts'
import type { ModelsSubcommand } from './subcommand.ts'

type State = BlobState | 'unreadable'

const STATES: Readonly<Record<State, Said>> = {
  verified: { en: 'verified', fr: 'vérifié' },
  changed: { en: 'CHANGED', fr: 'CHANGÉ' },
  missing: { en: 'missing', fr: 'absent' },
  unreadable: { en: 'cannot be read', fr: 'illisible' },
}

/** `ecluse models recheck`. */
export const recheckSubcommand: ModelsSubcommand = {
  summary: {
    en: 'Read stored weights again whole; one that changed is served no more (a gateway does this daily)',
    fr: "Relire en entier les poids en réserve ; un modèle changé n'est plus servi (une passerelle le fait chaque jour)",
  },
  usage: '[NAME...]',
  options: {},
  async run(args, context) {
    const { terminal } = context
    const config = await context.config()
    if (!config) return 2
    const dir = context.paths(config).models
    const asked = await Promise.all(args.positionals.map((name) => findModel(dir, name)))
    const unknown = args.positionals[asked.indexOf(null)]
    if (unknown !== undefined) {
      const known = (await listModels(dir)).map(({ name }) => name)
      return noSuchModel(unknown, known, context)
    }
    const models = asked.length > 0 ? asked.filter((one) => one !== null) : await listModels(dir)
    const rows: { name: string; digest: string; bytes: number; state: State }[] = []
    for (const model of models) {
      const { name, digest, bytes } = model
      terminal.status(`${name}  ${bytesText(bytes)}`)
      const digests = [...new Set(filesOf(model).map((file) => file.digest))]
      rows.push({ name, digest, bytes, state: await reverifyFiles(dir, digests) })
    }
    terminal.status(null)
    if (terminal.json) for (const row of rows) terminal.out(JSON.stringify(row))
    else {
      const lines = rows.map(({ name, digest, bytes, state }) => [
        name,
        bytesText(bytes),
        `sha256:${digest.slice(0, 16)}…`,
        terminal.say(STATES[state]),
      ])
      const head =
        terminal.language === 'fr'
          ? ['NOM', 'TAILLE', 'EMPREINTE', 'ÉTAT']
          : ['NAME', 'SIZE', 'DIGEST', 'STATE']
      for (const line of table(head, lines)) terminal.out(line)
    }
    if (rows.some(({ state }) => state === 'changed' || state === 'missing')) return 1
    return rows.every(({ state }) => state === 'verified') ? 0 : 2
  },
}
