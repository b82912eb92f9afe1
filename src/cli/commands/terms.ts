import { z } from 'zod'
import { MATCHES } from '#classify/own-terms/own-terms.ts'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import { adminProblem, type AdminAnswer, type AdminClient } from '../admin-client.ts'
import { textOption, type Command, type Context, type ExitCode, type Parsed } from '../command.ts'
import { importTerms } from '../import-terms.ts'
import { readAll } from '../read-input.ts'
import { table } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'

const Meaning = {
  id: z.string(),
  owner: z.string(),
  class: z.string(),
  category: z.string(),
}
const ListRow = z.object({ ...Meaning, match: z.string(), terms: z.number() })
export const View = z.object({
  version: z.string(),
  lists: z.array(ListRow),
  patterns: z.array(z.object({ ...Meaning, ignoreCase: z.boolean() })),
  documents: z.array(z.object({ ...Meaning, words: z.number(), prints: z.number() })),
})

/** Options that say what finding something of the company's own means. */
export const MEANING_OPTIONS = {
  class: { type: 'string' },
  category: { type: 'string' },
  owner: { type: 'string' },
} as const

/** `ecluse terms`: the company's own words and patterns. */
export const terms: Command = {
  name: 'terms',
  summary: {
    en: "Teach the company's own terms: code names, clients, products, patterns",
    fr: "Apprendre les termes de l'entreprise : noms de code, clients, produits, motifs",
  },
  usage:
    'add LIST TERM... | add ID --pattern REGEX | import LIST FILE | list | remove LIST [TERM...] | test TEXT',
  options: {
    ...MEANING_OPTIONS,
    match: { type: 'string' },
    pattern: { type: 'string' },
    'ignore-case': { type: 'boolean' },
    column: { type: 'string' },
  },
  details: {
    en: `--match ${MATCHES.join('|')} (inflected unless told), --class ${CLASSES.join('|')} (confidential unless told), --category, --owner. import reads CSV (--column NAME or number) or one term a line; FILE - is standard input. Terms are kept as keyed digests: nobody can list them.`,
    fr: `--match ${MATCHES.join('|')} (inflected par défaut), --class ${CLASSES.join('|')} (confidential par défaut), --category, --owner. import lit du CSV (--column NOM ou numéro) ou un terme par ligne ; FILE - est l'entrée standard. Les termes sont gardés en condensés à clé : personne ne peut en dresser la liste.`,
  },
  async run(args, context) {
    const [verb = 'list', id, ...rest] = args.positionals
    if (verb === 'list' || verb === 'ls') return withAdmin(context, (admin) => list(context, admin))
    if (verb === 'test') return test([id, ...rest].join(' ').trim(), context)
    if (id === undefined || !hasKnownMeaning(args)) return usage(context)
    const pattern = textOption(args, 'pattern')
    if (verb === 'add' && pattern !== undefined)
      return withAdmin(context, (admin) => addPattern(id, pattern, args, context, admin))
    if (verb === 'add' && rest.length > 0) {
      const cells = rest.map((text, index) => ({ line: index + 1, text }))
      return withAdmin(context, (admin) =>
        importTerms({ id, cells, options: listOptions(args), place: PLACES.term }, context, admin),
      )
    }
    if (verb === 'import' && rest[0] !== undefined) {
      const file = { path: rest[0], column: textOption(args, 'column') }
      return withAdmin(context, (admin) =>
        importTerms({ id, file, options: listOptions(args), place: PLACES.line }, context, admin),
      )
    }
    if (verb === 'remove' || verb === 'rm')
      return withAdmin(context, (admin) => remove(id, rest, context, admin))
    return usage(context)
  },
}

const PLACES = {
  term: { en: 'term', fr: 'terme' },
  line: { en: 'line', fr: 'ligne' },
} as const

function usage(context: Context): ExitCode {
  context.terminal.note(`ecluse terms ${terms.usage}`)
  return 3
}

/** Whether the words of the options are ones the gateway knows. */
export function hasKnownMeaning(args: Parsed): boolean {
  const isOneOf = (name: string, known: readonly string[]): boolean => {
    const value = textOption(args, name)
    return value === undefined || known.includes(value)
  }
  return isOneOf('class', CLASSES) && isOneOf('category', CATEGORIES) && isOneOf('match', MATCHES)
}

/** The options that were given, by the names of the API. */
export const meaningOptions = (args: Parsed): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['class', 'category', 'owner'].flatMap((name) => {
      const value = textOption(args, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )

const listOptions = (args: Parsed): Readonly<Record<string, string>> => {
  const match = textOption(args, 'match')
  return { ...meaningOptions(args), ...(match === undefined ? {} : { match }) }
}

async function list(context: Context, admin: AdminClient): Promise<ExitCode> {
  const { terminal } = context
  const answer = await admin.request('GET', '/api/terms')
  const read = View.safeParse(answer.body)
  if (!read.success) return refusedTerms(context, answer)
  const { lists, patterns } = read.data
  if (terminal.json) {
    terminal.out(JSON.stringify({ lists, patterns }))
    return 0
  }
  const head = terminal.say({
    en: 'NAME KIND CLASS CATEGORY TERMS OWNER',
    fr: 'NOM GENRE CLASSE CATÉGORIE TERMES RESPONSABLE',
  })
  const rows = [
    ...lists.map((l) => [l.id, l.match, l.class, l.category, String(l.terms), l.owner]),
    ...patterns.map((p) => [p.id, 'pattern', p.class, p.category, '-', p.owner]),
  ]
  for (const line of table(head.split(' '), rows)) terminal.out(line)
  return 0
}

async function addPattern(
  id: string,
  source: string,
  args: Parsed,
  context: Context,
  admin: AdminClient,
): Promise<ExitCode> {
  const ignoreCase = args.values['ignore-case'] === true
  const body = { ...meaningOptions(args), source, ignoreCase }
  const answer = await admin.request('PUT', `/api/terms/patterns/${encodeURIComponent(id)}`, body)
  if (answer.status !== 200) return refusedTerms(context, answer)
  const { terminal } = context
  if (terminal.json) terminal.out(JSON.stringify({ id, pattern: true }))
  else terminal.out(terminal.say({ en: `${id}: in force`, fr: `${id} : en vigueur` }))
  return 0
}

async function remove(
  id: string,
  words: readonly string[],
  context: Context,
  admin: AdminClient,
): Promise<ExitCode> {
  const path = (kind: string): string => `/api/terms/${kind}/${encodeURIComponent(id)}`
  const { terminal } = context
  for (const term of words) {
    const answer = await admin.request('POST', `${path('lists')}/remove`, { term })
    if (answer.status !== 200) return refusedTerms(context, answer)
  }
  if (words.length === 0) {
    const ofList = await admin.request('DELETE', path('lists'))
    const answer = ofList.status === 404 ? await admin.request('DELETE', path('patterns')) : ofList
    if (answer.status !== 200) return refusedTerms(context, answer)
  }
  if (terminal.json) terminal.out(JSON.stringify({ id, removed: Math.max(1, words.length) }))
  else terminal.out(terminal.say({ en: `${id}: removed`, fr: `${id} : supprimé` }))
  return 0
}

/** What of the company's own is in a text: 0 when there is something, 1 when there is nothing. */
async function test(text: string, context: Context): Promise<ExitCode> {
  const { terminal, stdin } = context
  const read = text === '' || text === '-' ? (stdin.isTTY ? '' : await readAll(stdin)) : text
  if (read === '') return usage(context)
  const config = await context.config()
  if (!config) return 2
  const house = await context.offline(config)
  const { findings, label } = house.classify([{ path: 'text', text: read, kind: 'text' }])
  if (label.undetermined) {
    terminal.note(terminal.say({ en: 'could not be classified', fr: "n'a pas pu être classé" }))
    return 2
  }
  const own = findings.filter(({ type }) => type.startsWith('COMPANY_'))
  if (terminal.json) {
    terminal.out(JSON.stringify({ spans: own.map(({ part: _, because: __, ...span }) => span) }))
  } else {
    for (const finding of own)
      terminal.out(
        `${finding.start}-${finding.end}  ${house.explainFinding(finding, terminal.language)}`,
      )
  }
  return own.length > 0 ? 0 : 1
}

/** Says why the gateway refused; 1 for what was asked, 2 when it could not. */
export function refusedTerms(context: Context, answer: AdminAnswer): ExitCode {
  context.terminal.note(adminProblem(answer, context.terminal.language))
  return answer.status >= 500 ? 2 : 1
}
