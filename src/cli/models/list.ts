import { usageIn } from '../usage-words.ts'
import { z } from 'zod'
import { ADMISSION_STATES } from '#kernel/admission.ts'
import { filtered, refusedAnswer } from '../admin-table.ts'
import { textOption } from '../command.ts'
import { toldWrongValue, type OptionValues } from '../option-values.ts'
import { withAdmin } from '../with-admin.ts'
import { Row, showRows } from './show-admission.ts'
import type { ModelsSubcommand } from './subcommand.ts'

const Page = z.object({ models: z.array(Row), next: z.string().nullable() })
const FILTERS = [
  'state',
  'weights',
  'attested',
  'format',
  'licence',
  'stopped',
  'text',
  'after',
  'limit',
]

const VALUES: OptionValues = {
  state: ADMISSION_STATES,
  weights: ['approved', 'verified', 'unverified'],
  attested: ['here', 'reported', 'configured'],
  format: ['gguf', 'safetensors', 'other'],
  licence: ['allow', 'allow-with-duties', 'needs-legal', 'block'],
  stopped: ['true', 'false'],
}

/** `ecluse models list`. */
export const listSubcommand: ModelsSubcommand = {
  summary: {
    en: 'Which weights there are, where their admission stands, and what serves them',
    fr: 'Quels poids il y a, où en est leur admission, et ce qui les sert',
  },
  usage:
    '[TEXT] [--state S] [--weights approved|verified|unverified] [--attested here|reported|configured] [--format F] [--licence VERDICT] [--stopped true|false] [--limit N] [--after NAME]',
  options: Object.fromEntries(
    FILTERS.filter((name) => name !== 'text').map((name) => [name, { type: 'string' as const }]),
  ),
  run(args, context) {
    const [text] = args.positionals
    const values = text === undefined ? args.values : { ...args.values, text }
    const isMany = (count: string): boolean => /^[1-9]\d{0,3}$/.test(count) && Number(count) <= 1000
    if (!isMany(textOption(args, 'limit') ?? '1') || args.positionals.length > 1) {
      context.terminal.note(
        `ecluse models list ${usageIn(listSubcommand.usage, context.terminal.language)}\n  --limit 1 ... 1000`,
      )
      return Promise.resolve(3)
    }
    if (toldWrongValue(args, VALUES, context.terminal)) return Promise.resolve(3)
    return withAdmin(context, async (admin) => {
      const path = filtered('/api/models', { ...args, values }, FILTERS)
      const answer = await admin.request('GET', path)
      const read = Page.safeParse(answer.body)
      if (!read.success) return refusedAnswer(context, answer)
      const { terminal } = context
      const { models, next } = read.data
      if (terminal.json) for (const row of models) terminal.out(JSON.stringify(row))
      else if (models.length === 0)
        terminal.note(terminal.say({ en: 'No such weights.', fr: 'Pas de tels poids.' }))
      else showRows(models, terminal)
      if (next !== null)
        terminal.note(
          terminal.say({
            en: `There are more: --after '${next}'`,
            fr: `Il y en a d'autres : --after '${next}'`,
          }),
        )
      return 0
    })
  },
}
