import { usageIn } from '../usage-words.ts'
import type { Command, Options, Parsed } from '../command.ts'
import { subcommandLines } from '../help.ts'
import { bomSubcommand } from '../models/bom.ts'
import {
  admitSubcommand,
  approveSubcommand,
  exceptionSubcommand,
  rescanSubcommand,
  revokeSubcommand,
  suspendSubcommand,
} from '../models/admit.ts'
import { catalogueSubcommand } from '../models/catalogue.ts'
import { exportSubcommand, gcSubcommand, importSubcommand, pullSubcommand } from '../models/keep.ts'
import { listSubcommand } from '../models/list.ts'
import { dataSetsSubcommand } from '../models/data-sets.ts'
import { importOpennessSubcommand } from '../models/import-openness.ts'
import { opennessSubcommand } from '../models/openness.ts'
import { provenanceSubcommand } from '../models/provenance.ts'
import { licenceSubcommand } from '../models/licence.ts'
import { recheckSubcommand } from '../models/recheck.ts'
import { scanSubcommand } from '../models/scan.ts'
import { keySubcommand, showSubcommand } from '../models/show.ts'
import { signSubcommand } from '../models/sign.ts'
import type { ModelsSubcommand } from '../models/subcommand.ts'
import { tasksSubcommand } from '../models/tasks.ts'
import { verifySubcommand } from '../models/verify.ts'

/** Everything after `ecluse models`: one line, and one file under `cli/models/`. */
const SUBCOMMANDS: Readonly<Record<string, ModelsSubcommand>> = {
  pull: pullSubcommand,
  list: listSubcommand,
  show: showSubcommand,
  admit: admitSubcommand,
  approve: approveSubcommand,
  suspend: suspendSubcommand,
  revoke: revokeSubcommand,
  exception: exceptionSubcommand,
  rescan: rescanSubcommand,
  key: keySubcommand,
  export: exportSubcommand,
  import: importSubcommand,
  gc: gcSubcommand,
  scan: scanSubcommand,
  sign: signSubcommand,
  verify: verifySubcommand,
  recheck: recheckSubcommand,
  licence: licenceSubcommand,
  tasks: tasksSubcommand,
  openness: opennessSubcommand,
  provenance: provenanceSubcommand,
  datasets: dataSetsSubcommand,
  catalogue: catalogueSubcommand,
  bom: bomSubcommand,
  'import-openness': importOpennessSubcommand,
}

/** `ecluse models`: what the weights are, and whether they are still what they were. */
export const models: Command = {
  name: 'models',
  summary: {
    en: 'Know what the models are: signatures, files, licences, openness',
    fr: 'Savoir ce que sont les modèles : signatures, fichiers, licences, ouverture',
  },
  usage: 'WORD ...',
  options: Object.assign(
    {},
    ...Object.values(SUBCOMMANDS).map(({ options }) => options),
  ) as Options,
  subcommands: SUBCOMMANDS,
  async run(args, context) {
    const [name = '', ...positionals] = args.positionals
    const found = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined
    if (found === undefined) {
      const { terminal } = context
      const lines = subcommandLines(SUBCOMMANDS, terminal.language, terminal.columns)
      terminal.note([usageIn('ecluse models WORD ...', terminal.language), ...lines].join('\n'))
      return 3
    }
    const foreign = foreignOption(args, found)
    if (foreign !== null) {
      context.terminal.note(
        `ecluse models ${name}: --${foreign} ?\n  ecluse models ${name} ${usageIn(found.usage, context.terminal.language)}`,
      )
      return 3
    }
    return await found.run({ positionals, values: args.values }, context)
  },
}

/** An option of another sub-command; null when there is none. */
function foreignOption(args: Parsed, found: ModelsSubcommand): string | null {
  const others = Object.values(SUBCOMMANDS).flatMap(({ options }) => Object.keys(options))
  const isForeign = (name: string): boolean =>
    args.values[name] !== undefined && !Object.hasOwn(found.options, name) && others.includes(name)
  return Object.keys(args.values).find(isForeign) ?? null
}
