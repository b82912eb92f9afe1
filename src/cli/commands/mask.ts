import { z } from 'zod'
import { CLASS_NAMES } from '#policy/explain-words.ts'
import { CLASSES } from '#kernel/label.ts'
import { adminProblem } from '../admin-client.ts'
import type { Command } from '../command.ts'
import { textOption } from '../command.ts'
import { withAdmin } from '../with-admin.ts'

const USAGE =
  '"TEXT" [--types T,...] [--categories C,...] [--style placeholder|fake] [--destination ID]'

const Label = z.object({ class: z.enum(CLASSES), undetermined: z.boolean() })
const Masked = z.object({
  text: z.string(),
  values: z.record(z.string(), z.number()),
  label: Label,
  left: Label,
  byPolicy: z.boolean(),
})

/** `ecluse mask`: a text as a destination would see it masked, sending nothing. */
export const mask: Command = {
  name: 'mask',
  summary: {
    en: 'Show a text as it would leave masked; sends nothing',
    fr: "Montrer un texte comme il partirait masqué ; n'envoie rien",
  },
  usage: USAGE,
  options: {
    types: { type: 'string' },
    categories: { type: 'string' },
    style: { type: 'string' },
    destination: { type: 'string' },
  },
  details: {
    en: 'Without types or categories it masks what the policy would, or everything that is found where the policy masks nothing.',
    fr: 'Sans types ni catégories, masque ce que la politique masquerait, ou tout ce qui est trouvé si elle ne masque rien.',
  },
  async run(args, context) {
    const { terminal } = context
    const [text, ...more] = args.positionals
    if (text === undefined || more.length > 0) {
      terminal.note(`ecluse mask ${USAGE}`)
      return 3
    }
    const names = (option: string): readonly string[] | undefined =>
      textOption(args, option)
        ?.split(',')
        .map((name) => name.trim())
    const question = {
      text,
      types: names('types'),
      categories: names('categories'),
      style: textOption(args, 'style'),
      destination: textOption(args, 'destination'),
    }
    return withAdmin(context, async (admin) => {
      const answer = await admin.request('POST', '/api/mask', question)
      const read = Masked.safeParse(answer.body)
      if (!read.success) {
        terminal.note(adminProblem(answer, terminal.language))
        return answer.status >= 500 ? 2 : answer.status === 400 ? 3 : 1
      }
      if (terminal.json) {
        terminal.out(JSON.stringify(answer.body))
        return 0
      }
      const { values, label, left } = read.data
      terminal.out(read.data.text)
      const counts = Object.entries(values).map(([type, count]) => `${type} ${count}`)
      const [before, after] = [label, left].map((one) => CLASS_NAMES[one.class][terminal.language])
      terminal.note(
        terminal.paint('dim', `${counts.join(', ') || '-'}  ${before ?? ''} -> ${after ?? ''}`),
      )
      return 0
    })
  },
}
