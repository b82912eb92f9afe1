import type { Result } from '#kernel/result.ts'
import type { Command, Context, ExitCode } from '../command.ts'
import { textOption } from '../command.ts'
import type { CopyDone, CopyWatch, DatabaseStatus } from '../database-tools.ts'
import type { Said, Terminal } from '../terminal.ts'

/** Rows between two lines of progress where nobody watches. */
const EVERY = 100_000

/** `ecluse db`: everything that is kept, kept once more, brought back, or moved. */
export const db: Command = {
  name: 'db',
  summary: {
    en: 'Look at, back up, restore or move the database',
    fr: 'Voir, sauvegarder, restaurer ou déplacer la base',
  },
  usage: 'status | backup FILE | restore FILE | move --to sqlite|CONFIG.yaml',
  options: { to: { type: 'string' } },
  details: {
    en: 'A backup is of one moment, from a running gateway too, and restores into SQLite and PostgreSQL alike; the place must be empty. move copies to the database that another configuration file names, verifies it there and leaves the old one as it was; interrupted, it goes on when it is repeated. The root secret (master.key) is in no backup: keep it elsewhere.',
    fr: "Une sauvegarde fixe un instant, même d'une passerelle en marche, et se restaure dans SQLite comme dans PostgreSQL ; l'endroit doit être vide. move copie vers la base que nomme un autre fichier de configuration, l'y vérifie et laisse l'ancienne telle quelle ; interrompu, il reprend quand on le répète. Le secret racine (master.key) n'est dans aucune sauvegarde : gardez-le ailleurs.",
  },
  async run(args, context) {
    const [verb, file] = args.positionals
    const to = textOption(args, 'to')
    const config = await context.config()
    if (!config) return 2
    const tools = await context.database(config)
    if (verb === 'status') return shown(context.terminal, await tools.status(), statusLines)
    const watch = watchOf(context)
    if (verb === 'backup' && file !== undefined) {
      return shown(context.terminal, await tools.backup(file, watch), doneLines)
    }
    if (verb === 'restore' && file !== undefined) {
      return shown(context.terminal, await tools.restore(file, watch), doneLines)
    }
    if (verb === 'move' && to !== undefined) {
      return shown(context.terminal, await tools.move(to, watch), movedLines)
    }
    context.terminal.note(`ecluse db ${db.usage}`)
    return 3
  },
}

function shown<T>(
  terminal: Terminal,
  result: Result<T, Said>,
  lines: (value: T) => Said[],
): ExitCode {
  terminal.status(null)
  if (!result.ok) {
    terminal.note(terminal.say(result.error))
    return 2
  }
  if (terminal.json) terminal.out(JSON.stringify(result.value))
  else for (const line of lines(result.value)) terminal.out(terminal.say(line))
  return 0
}

/** An interruption stops between two pages: what has been copied stays. */
function watchOf({ terminal, untilInterrupted }: Context): CopyWatch {
  const interrupt = new AbortController()
  void untilInterrupted().then(() => interrupt.abort())
  let told = 0
  return {
    signal: interrupt.signal,
    onProgress(table, rows, total) {
      const percent = total === 0 ? 100 : Math.floor((100 * rows) / total)
      terminal.status(`${table}  ${rows} / ${total}  ${percent} %`)
      const isWorthALine = rows - told >= EVERY || (rows < told && total >= EVERY)
      if (!terminal.isTty && isWorthALine) terminal.note(`${table} ${rows}/${total}`)
      if (isWorthALine) told = rows
    },
  }
}

const same = (line: string): Said => ({ en: line, fr: line })

const DRIFT: Said = {
  en: 'These gateways do not have the same configuration: put the same ecluse.yaml everywhere.',
  fr: "Ces passerelles n'ont pas la même configuration : mettez le même ecluse.yaml partout.",
}

const statusLines = (status: DatabaseStatus): Said[] => [
  same(
    `${status.place}  (${status.kind}, ${megabytes(status.bytes)} MB, version ${status.version})`,
  ),
  ...status.chains.map(({ writer, records }) => ({
    en: `chain ${writer}: ${records} records`,
    fr: `chaîne ${writer} : ${records} enregistrements`,
  })),
  ...status.writing.map(({ writer, holder, configuration }) => ({
    en: `writing: ${holder} (${writer})${configuration === null ? '' : `, configuration ${configuration}`}`,
    fr: `en écriture : ${holder} (${writer})${configuration === null ? '' : `, configuration ${configuration}`}`,
  })),
  ...(new Set(status.writing.map(({ configuration }) => configuration)).size > 1 ? [DRIFT] : []),
  ...Object.entries(status.rows).map(([table, rows]) => same(`${table.padEnd(24)} ${rows}`)),
]

const doneLines = ({ from, to, rows, bytes, sha256, verified }: CopyDone): Said[] => {
  const all = Object.values(rows).reduce((sum, count) => sum + count, 0)
  return [
    { en: `${from} -> ${to}: ${all} rows`, fr: `${from} -> ${to} : ${all} lignes` },
    ...(bytes === undefined ? [] : [same(`${megabytes(bytes)} MB, sha256 ${sha256 ?? ''}`)]),
    ...(verified === undefined
      ? []
      : [
          {
            en: `verified there: ${verified} records of the ledger`,
            fr: `vérifié là-bas : ${verified} enregistrements du registre`,
          },
        ]),
  ]
}

const movedLines = (done: CopyDone): Said[] => [
  ...doneLines(done),
  {
    en: 'Nothing was changed in the old place. Start the gateway with the new configuration from now on.',
    fr: "Rien n'a changé à l'ancien endroit. Lancez désormais la passerelle avec la nouvelle configuration.",
  },
]

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1)
