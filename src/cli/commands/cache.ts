import { z } from 'zod'
import { adminProblem } from '../admin-client.ts'
import { textOption, type Command, type Context, type ExitCode } from '../command.ts'
import { table } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'

const Stats = z.looseObject({
  hits: z.number(),
  semanticHits: z.number(),
  misses: z.number(),
  bypassed: z.record(z.string(), z.number()),
  stored: z.number(),
  unfit: z.number(),
  withheld: z.number(),
  failed: z.number(),
  answers: z.number(),
  bytes: z.number(),
})
type Stats = z.infer<typeof Stats>

/** `ecluse cache`: how many answers are kept and used, and how to be rid of them. */
export const cache: Command = {
  name: 'cache',
  summary: {
    en: 'See and clear the answers that are kept',
    fr: 'Voir et effacer les réponses gardées',
  },
  usage: 'stats | clear [--key ID]',
  options: { key: { type: 'string' } },
  details: {
    en: 'stats counts since the gateway started. clear removes the answers to requests of one key, or all of the organisation, here and in the database; it is recorded first. What is kept, for whom and for how long: `cache:` in ecluse.yaml.',
    fr: "stats compte depuis le démarrage de la passerelle. clear retire les réponses aux requêtes d'une clé, ou toutes celles de l'organisation, ici et dans la base ; c'est inscrit au préalable. Ce qui est gardé, pour qui et combien de temps : `cache:` dans ecluse.yaml.",
  },
  async run(args, context) {
    const [verb, ...rest] = args.positionals
    if ((verb !== 'stats' && verb !== 'clear') || rest.length > 0) {
      context.terminal.note(`ecluse cache ${cache.usage}`)
      return 3
    }
    return verb === 'stats' ? stats(context) : clear(context, textOption(args, 'key'))
  },
}

const stats = (context: Context): Promise<ExitCode> =>
  withAdmin(context, async (admin) => {
    const { terminal } = context
    const answer = await admin.request('GET', '/api/cache')
    const read = Stats.safeParse(answer.body)
    if (!read.success) {
      terminal.note(adminProblem(answer, terminal.language))
      return answer.status >= 500 ? 2 : 1
    }
    if (terminal.json) terminal.out(JSON.stringify(read.data))
    else printStats(context, read.data)
    return 0
  })

const clear = (context: Context, key: string | undefined): Promise<ExitCode> =>
  withAdmin(context, async (admin) => {
    const { terminal } = context
    const order = key === undefined ? {} : { key }
    const answer = await admin.request('POST', '/api/cache/clear', order)
    const read = z.object({ answers: z.number() }).safeParse(answer.body)
    if (answer.status !== 200 || !read.success) {
      terminal.note(adminProblem(answer, terminal.language))
      return answer.status >= 500 ? 2 : 1
    }
    const { answers } = read.data
    if (terminal.json) terminal.out(JSON.stringify(read.data))
    else {
      const en = `${answers} kept ${answers === 1 ? 'answer' : 'answers'} removed.`
      const fr = `${answers} ${answers > 1 ? 'réponses gardées retirées' : 'réponse gardée retirée'}.`
      terminal.out(terminal.say({ en, fr }))
    }
    return 0
  })

function printStats({ terminal }: Context, told: Stats): void {
  const row = (en: string, fr: string, value: number): string[] => [
    terminal.say({ en, fr }),
    String(value),
  ]
  const rows = [
    row('kept answers', 'réponses gardées', told.answers),
    row('bytes', 'octets', told.bytes),
    row('hits', 'servies', told.hits),
    row('hits by meaning', 'servies par le sens', told.semanticHits),
    row('misses', 'absentes', told.misses),
    ...Object.entries(told.bypassed).map(([why, count]) =>
      row(`bypassed: ${why}`, `hors cache : ${why}`, count),
    ),
    row('stored', 'enregistrées', told.stored),
    row('not fit to be kept', 'non gardables', told.unfit),
    row('withheld', 'retenues', told.withheld),
    row('failed', 'échecs', told.failed),
  ]
  for (const line of table([terminal.say({ en: 'what', fr: 'quoi' }), '#'], rows)) {
    terminal.out(line)
  }
}
