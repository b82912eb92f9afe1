import { z } from 'zod'
import { adminProblem, type AdminClient } from '../admin-client.ts'
import { decimal } from '../amounts.ts'
import type { Command, Context, ExitCode, Parsed } from '../command.ts'
import { textOption } from '../command.ts'
import { table } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'

const Micro = z.number().nullable()
const PriceView = z.object({
  destination: z.string(),
  model: z.string(),
  price: z
    .looseObject({ currency: z.string(), free: z.boolean(), input: Micro, output: Micro })
    .nullable(),
  source: z.string().nullable(),
  energy: z.looseObject({ output: z.number(), method: z.string() }).nullable(),
})

/** `ecluse prices`: what each model costs, and which have no price. */
export const prices: Command = {
  name: 'prices',
  summary: {
    en: 'List what each model costs and draws; unknown is not free',
    fr: 'Lister ce que chaque modèle coûte et consomme ; inconnu ne veut pas dire gratuit',
  },
  usage: 'ls [--destination ID] [--model NAME] [--unknown]',
  options: {
    destination: { type: 'string' },
    model: { type: 'string' },
    unknown: { type: 'boolean' },
  },
  async run(args, context) {
    const [verb] = args.positionals
    if (verb === 'ls' || verb === 'list') {
      return withAdmin(context, (admin) => list(args, context, admin))
    }
    context.terminal.note(`ecluse prices ${prices.usage}`)
    return 3
  },
}

async function list(args: Parsed, context: Context, admin: AdminClient): Promise<ExitCode> {
  const { terminal } = context
  const query = new URLSearchParams()
  for (const name of ['destination', 'model']) {
    const value = textOption(args, name)
    if (value !== undefined) query.set(name, value)
  }
  if (args.values['unknown'] === true) query.set('unknown', 'true')
  const answer = await admin.request('GET', `/api/prices?${query.toString()}`)
  const read = z.object({ prices: z.array(PriceView) }).safeParse(answer.body)
  if (!read.success) {
    terminal.note(adminProblem(answer, terminal.language))
    return answer.status >= 500 ? 2 : 1
  }
  if (terminal.json) {
    terminal.out(JSON.stringify(read.data.prices))
    return 0
  }
  const unknown = terminal.say({ en: 'unknown', fr: 'inconnu' })
  const each = (micro: number | null): string => (micro === null ? '-' : decimal(micro))
  const rows = read.data.prices.map(({ destination, model, price, source, energy }) => [
    destination,
    model,
    price === null ? unknown : price.free ? '0' : each(price.input),
    price === null ? unknown : price.free ? '0' : each(price.output),
    price?.currency ?? '-',
    // a nanowatt-hour per token is a milliwatt-hour per million
    energy === null ? unknown : `${Math.round(energy.output / 1000)} (${energy.method})`,
    source ?? '-',
  ])
  const head = terminal.say({
    en: 'DESTINATION MODEL INPUT/1M OUTPUT/1M CURRENCY Wh/1M SOURCE',
    fr: 'DESTINATION MODÈLE ENTRÉE/1M SORTIE/1M DEVISE Wh/1M SOURCE',
  })
  for (const line of table(head.split(' '), rows)) terminal.out(line)
  return 0
}
