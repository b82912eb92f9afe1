import type { Command, Context, RunningGateway } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { textOption } from '../command.ts'
import { engineLine } from '../engine-line.ts'
import { readFileSync } from 'node:fs'

/** How often the line about the engine is refreshed while something is still on its way, milliseconds. */
const WATCH_MS = 500

/** `ecluse serve`: the gateway, in the foreground until it is interrupted. */
export const serve: Command = {
  name: 'serve',
  summary: { en: 'Start the gateway', fr: 'Démarrer la passerelle' },
  usage: '[--workers N] [--listen HOST:PORT] [--config F] [--profile P]',
  options: { workers: { type: 'string', short: 'w' } },
  details: {
    en: '--workers N: N processes serve requests, one more keeps the data; 0 (default) is one process for all.',
    fr: '--workers N : N processus servent les requêtes, un de plus garde les données ; 0 (défaut) : un seul pour tout.',
  },
  async run(args, context) {
    const { terminal } = context
    const workers = textOption(args, 'workers') ?? '0'
    if (!/^\d{1,3}$/.test(workers)) {
      terminal.note('--workers: 0..999')
      return 3
    }
    const config = await context.config()
    if (!config) return 2
    const started = await context.startGateway(config, { workers: Number(workers), waits: true })
    if (!started.ok) {
      if (started.error.isInterrupted) return 0
      terminal.note(terminal.paint('red', terminal.say(started.error)))
      return 2
    }
    const gateway = started.value
    announce(gateway, context)
    const stopWatching = watchEngine(gateway, terminal)
    await context.untilInterrupted()
    stopWatching()
    terminal.note(
      terminal.say({
        en: 'Stopping: open answers may end first.',
        fr: 'Arrêt : les réponses en cours peuvent finir.',
      }),
    )
    await gateway.stop()
    return 0
  },
}

function announce(gateway: RunningGateway, { terminal, program }: Context): void {
  if (terminal.json) {
    terminal.out(
      JSON.stringify({
        url: gateway.url,
        version: gateway.house.version,
        adminKeyFile: gateway.adminKeyFile,
      }),
    )
    return
  }
  const { url } = gateway
  terminal.out('')
  terminal.out(
    `  ${terminal.paint('bold', 'Écluse')} ${gateway.house.version}   ${terminal.paint('cyan', `${url}/`)}`,
  )
  for (const notice of gateway.notices) terminal.out(`  ${terminal.say(notice)}`)
  const { adminKeyFile } = gateway
  const key = firstKey(adminKeyFile)
  terminal.out(
    `  ${terminal.say({ en: 'First key', fr: 'Première clé' })}   ${keyLine(key, adminKeyFile, terminal)}`,
  )
  terminal.out('')
  terminal.out(`  ${terminal.say({ en: 'Try:', fr: 'Essayez :' })}`)
  terminal.out(
    `    curl ${url}/v1/chat/completions -H "authorization: Bearer ${key === null ? '$KEY' : `$(cat ${adminKeyFile})`}" \\\n      -H "content-type: application/json" -d '{"model":"auto","messages":[{"role":"user","content":"${terminal.say({ en: 'What is a canal lock?', fr: 'Explique une écluse.' })}"}]}'`,
  )
  terminal.out(
    `    ${program} route --explain "${terminal.say({ en: 'My IBAN is FR76 3000 6000 0112 3456 7890 189', fr: 'Mon IBAN est FR76 3000 6000 0112 3456 7890 189' })}"`,
  )
  terminal.out(`    ${program} audit tail -f`)
  terminal.out('')
}

/** Shown itself to a person only, since what is not a terminal may be kept. */
function keyLine(key: string | null, file: string, terminal: Terminal): string {
  if (key === null) {
    return terminal.say({
      en: 'not in this data directory: another gateway of the database made it, or it was put away',
      fr: "pas dans ce dossier de données : une autre passerelle de la base l'a faite, ou on l'a rangée",
    })
  }
  return terminal.isTty ? `${key}  ${terminal.paint('dim', `(${file})`)}` : file
}

function firstKey(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}

/** Shows what the engine is busy with until it is ready, and every change afterwards. */
function watchEngine(gateway: RunningGateway, terminal: Terminal): () => void {
  let last = ''
  const look = (): void => {
    const engine = gateway.house.engine()
    const line = engineLine(engine, terminal)
    const isBusy = engine.state === 'pulling' || engine.state === 'starting'
    if (isBusy && terminal.isTty) terminal.status(`  ${line}`)
    const settled = `${engine.state} ${engine.model ?? ''}`
    if (settled === last) return
    last = settled
    if (!isBusy || !terminal.isTty) terminal.note(`  ${line}`)
  }
  const timer = setInterval(look, WATCH_MS)
  return () => {
    clearInterval(timer)
    terminal.status(null)
  }
}
