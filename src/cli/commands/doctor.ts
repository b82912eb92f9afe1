import { statfs, stat } from 'node:fs/promises'
import { listModels } from '#models/store/find-model.ts'
import { verifyLedger } from '#ledger/verify.ts'
import type { Config } from '#config/types.ts'
import type { Command, Context } from '../command.ts'
import { localGet } from '../local-http.ts'
import { bytesText, type Said } from '../terminal.ts'

type Level = 'ok' | 'warn' | 'fail'

interface Check {
  readonly name: string
  readonly level: Level
  readonly found: Said
  /** What to do; absent when all is well. */
  readonly remedy?: Said
}

/** Less free space than this is worth a word, bytes. */
const LOW_DISK_BYTES = 1_000_000_000

/** `ecluse doctor`: looks at everything and says how to mend it. */
export const doctor: Command = {
  name: 'doctor',
  summary: {
    en: 'Check everything and say how to mend it',
    fr: 'Tout vérifier et dire comment réparer',
  },
  usage: '',
  options: {},
  async run(_args, context) {
    const config = await context.config()
    if (!config) return 2
    const checks = [
      nodeCheck(),
      await diskCheck(config),
      await secretsCheck(context, config),
      await evidenceCheck(context, config),
      await modelCheck(context, config),
      await gatewayCheck(context, config),
      ...(await destinationChecks(context, config)),
    ]
    const { terminal } = context
    if (terminal.json) terminal.out(JSON.stringify(checks.map((check) => told(check, context))))
    else for (const check of checks) print(check, context)
    return checks.some(({ level }) => level === 'fail') ? 1 : 0
  },
}

const told = ({ name, level, found, remedy }: Check, { terminal }: Context): object => ({
  name,
  level,
  found: terminal.say(found),
  remedy: remedy ? terminal.say(remedy) : null,
})

const MARKS = { ok: ['green', 'ok  '], warn: ['yellow', 'warn'], fail: ['red', 'fail'] } as const

function print({ name, level, found, remedy }: Check, { terminal }: Context): void {
  const [colour, mark] = MARKS[level]
  terminal.out(`${terminal.paint(colour, mark)}  ${name.padEnd(14)} ${terminal.say(found)}`)
  if (remedy)
    terminal.out(`      ${' '.repeat(14)} ${terminal.paint('dim', `-> ${terminal.say(remedy)}`)}`)
}

const same = (text: string): Said => ({ en: text, fr: text })

function nodeCheck(): Check {
  return {
    name: 'node',
    level: 'ok',
    found: same(`${process.version} ${process.platform}-${process.arch}`),
  }
}

async function diskCheck(config: Config): Promise<Check> {
  const disk = await statfs(config.home).catch(() => null)
  if (!disk) {
    return {
      name: 'home',
      level: 'warn',
      found: { en: `${config.home} does not exist yet`, fr: `${config.home} n'existe pas encore` },
      remedy: { en: 'It is made by `ecluse serve`.', fr: 'Il est créé par `ecluse serve`.' },
    }
  }
  const free = disk.bavail * disk.bsize
  const found = {
    en: `${config.home}, ${bytesText(free)} free`,
    fr: `${config.home}, ${bytesText(free)} libres`,
  }
  if (free >= LOW_DISK_BYTES) return { name: 'home', level: 'ok', found }
  const remedy = {
    en: 'Free some space: without it decisions cannot be recorded, and nothing leaves.',
    fr: "Libérez de la place : sans elle les décisions ne s'enregistrent plus, et rien ne sort.",
  }
  return { name: 'home', level: 'warn', found, remedy }
}

async function secretsCheck(context: Context, config: Config): Promise<Check> {
  const { masterKey, adminKey } = context.paths(config)
  const open: string[] = []
  for (const path of [masterKey, adminKey]) {
    const status = await stat(path).catch(() => null)
    if (status && process.platform !== 'win32' && (status.mode & 0o077) !== 0) open.push(path)
  }
  if (open.length === 0) {
    return {
      name: 'secrets',
      level: 'ok',
      found: { en: 'readable by you alone', fr: 'lisibles par vous seul' },
    }
  }
  return {
    name: 'secrets',
    level: 'fail',
    found: {
      en: `others can read ${open.join(', ')}`,
      fr: `d'autres peuvent lire ${open.join(', ')}`,
    },
    remedy: same(`chmod 600 ${open.join(' ')}`),
  }
}

async function evidenceCheck(context: Context, config: Config): Promise<Check> {
  const evidence = await context.evidence(config)
  if (!evidence.ok) return { name: 'evidence', level: 'warn', found: evidence.error }
  const report = await verifyLedger(evidence.value)
  await evidence.value.close()
  const count = report.records
  if (report.ok) {
    return {
      name: 'evidence',
      level: 'ok',
      found: {
        en: `${count} records, every link holds`,
        fr: `${count} enregistrements, chaque maillon tient`,
      },
    }
  }
  return {
    name: 'evidence',
    level: 'fail',
    found: { en: 'the evidence was altered', fr: 'les preuves ont été altérées' },
    remedy: {
      en: 'See where: `ecluse audit verify`; restore a backup.',
      fr: 'Voyez où : `ecluse audit verify` ; restaurez une sauvegarde.',
    },
  }
}

async function modelCheck(context: Context, config: Config): Promise<Check> {
  const models = await listModels(context.paths(config).models)
  const names = models.map(({ name }) => name).join(', ')
  if (!config.engine.enabled) {
    return { name: 'engine', level: 'ok', found: { en: 'switched off', fr: 'désactivé' } }
  }
  if (models.length > 0) return { name: 'engine', level: 'ok', found: same(names) }
  return {
    name: 'engine',
    level: 'warn',
    found: { en: 'no model on board', fr: 'pas de modèle embarqué' },
    remedy: same(`ecluse pull ${config.engine.model}`),
  }
}

async function gatewayCheck(context: Context, config: Config): Promise<Check> {
  const holder = context.holder(config)
  if (!holder) {
    return {
      name: 'gateway',
      level: 'warn',
      found: { en: 'not running', fr: 'arrêtée' },
      remedy: same('ecluse serve'),
    }
  }
  const answer = await localGet({ socketPath: context.paths(config).adminSocket }, '/health/ready')
  const found = same(`${holder.listen}, pid ${holder.pid}`)
  if (answer?.status === 200) return { name: 'gateway', level: 'ok', found }
  return {
    name: 'gateway',
    level: 'fail',
    found,
    remedy: {
      en: 'It holds the data directory but does not answer: restart it.',
      fr: 'Elle tient le dossier de données mais ne répond pas : redémarrez-la.',
    },
  }
}

/** Destinations of the configuration that run on this machine are asked whether they answer; others are only listed. */
async function destinationChecks(context: Context, config: Config): Promise<Check[]> {
  const house = await context.offline(config)
  const checks: Check[] = []
  for (const { id, address, zone, state, models } of house.gate.catalogue().destinations) {
    if (address.kind === 'socket') continue
    const found = same(
      `${zone}, ${state}, ${models.length} model(s), ${new URL(address.baseUrl).origin}`,
    )
    const isLocal = /^http:\/\/(127\.|localhost|\[::1\])/.test(address.baseUrl)
    const isSilent = isLocal && (await localGet({ url: address.baseUrl }, '/')) === null
    if (isSilent) {
      const remedy = {
        en: 'Nobody listens there: start it, or correct its url.',
        fr: "Personne n'écoute là : démarrez-la, ou corrigez son url.",
      }
      checks.push({ name: id, level: 'fail', found, remedy })
    } else checks.push({ name: id, level: 'ok', found })
  }
  return checks
}
