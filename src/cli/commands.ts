import type { Command, Options } from './command.ts'
import { commandHelp, type Reader } from './help.ts'
import type { Said } from './terminal.ts'

/** Options of every command. */
export const GLOBAL_OPTIONS: Options = {
  json: { type: 'boolean' },
  config: { type: 'string', short: 'c' },
  home: { type: 'string' },
  listen: { type: 'string', short: 'l' },
  floor: { type: 'string' },
  profile: { type: 'string' },
  'log-level': { type: 'string' },
  lang: { type: 'string' },
  'no-discover': { type: 'boolean' },
  gateway: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
}

/** Every command, loaded only when it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  init: async () => (await import('./commands/init.ts')).init,
  pull: async () => (await import('./commands/pull.ts')).pull,
  ls: async () => (await import('./commands/ls.ts')).ls,
  ps: async () => (await import('./commands/ps.ts')).ps,
  models: async () => (await import('./commands/models.ts')).models,
  vulnerabilities: async () => (await import('./commands/vulnerabilities.ts')).vulnerabilities,
  oms: async () => (await import('./commands/oms.ts')).oms,
  stack: async () => (await import('./commands/stack.ts')).stack,
  rm: async () => (await import('./commands/rm.ts')).rm,
  run: async () => (await import('./commands/run.ts')).run,
  classify: async () => (await import('./commands/classify.ts')).classify,
  mask: async () => (await import('./commands/mask.ts')).mask,
  route: async () => (await import('./commands/route.ts')).route,
  policy: async () => (await import('./commands/policy.ts')).policy,
  audit: async () => (await import('./commands/audit.ts')).audit,
  reviews: async () => (await import('./commands/reviews.ts')).reviews,
  erase: async () => (await import('./commands/erase.ts')).erase,
  cache: async () => (await import('./commands/cache.ts')).cache,
  keys: async () => (await import('./commands/keys.ts')).keys,
  budgets: async () => (await import('./commands/budgets.ts')).budgets,
  prices: async () => (await import('./commands/prices.ts')).prices,
  people: async () => (await import('./commands/people.ts')).people,
  teams: async () => (await import('./commands/teams.ts')).teams,
  applications: async () => (await import('./commands/applications.ts')).applications,
  organisations: async () => (await import('./commands/organisations.ts')).organisations,
  roles: async () => (await import('./commands/roles.ts')).roles,
  sessions: async () => (await import('./commands/sessions.ts')).sessions,
  secret: async () => (await import('./commands/secret.ts')).secret,
  terms: async () => (await import('./commands/terms.ts')).terms,
  documents: async () => (await import('./commands/documents.ts')).documents,
  quotas: async () => (await import('./commands/quotas.ts')).quotas,
  destinations: async () => (await import('./commands/destinations.ts')).destinations,
  reload: async () => (await import('./commands/reload.ts')).reload,
  'sign-in': async () => (await import('./commands/sign-in.ts')).signIn,
  'sign-out': async () => (await import('./commands/sign-out.ts')).signOut,
  whoami: async () => (await import('./commands/whoami.ts')).whoami,
  db: async () => (await import('./commands/db.ts')).db,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
}

/** The command of a name, or null. */
export const findCommand = (name: string): Promise<Command | null> =>
  Object.hasOwn(COMMANDS, name)
    ? (COMMANDS[name]?.() ?? Promise.resolve(null))
    : Promise.resolve(null)

/** Help for one command, or for a word behind it, or the list of all. */
export async function helpText(
  command: Command | null,
  word: string | undefined,
  reader: Reader,
): Promise<string> {
  if (command) return commandHelp(command, word, GLOBAL_OPTIONS, reader)
  const { language } = reader
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()))
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary[language]}`)
  return [HEAD[language], '', ...lines, '', FOOT[language]].join('\n')
}

const HEAD: Said = {
  en: 'Écluse: one control plane for open-source AI. Which model may see this text, decided on the box.',
  fr: "Écluse : un plan de contrôle pour l'IA open source. Quel modèle peut voir ce texte, décidé sur place.",
}

const FOOT: Said = {
  en: 'ecluse COMMAND --help   --json   --home DIR   --config FILE   Exit codes: 0 yes, 1 no, 2 could not, 3 usage',
  fr: 'ecluse COMMANDE --help   --json   --home DOSSIER   --config FICHIER   Codes de sortie : 0 oui, 1 non, 2 impossible, 3 usage',
}
