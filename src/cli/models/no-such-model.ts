import { z } from 'zod'
import { nearestFew } from '#config/suggest.ts'
import { printable } from '#kernel/printable.ts'
import type { AdminAnswer, AdminClient } from '../admin-client.ts'
import { refusedAnswer } from '../admin-table.ts'
import type { Context, ExitCode } from '../command.ts'

/** Names that are offered in the place of one that is unknown. */
const OFFERED = 3

/** Says that a name is no model here, which names are like it, and what to do. */
export function noSuchModel(word: string, known: readonly string[], context: Context): ExitCode {
  const { terminal, program } = context
  const name = printable(word)
  const near = nearestFew(word, [...new Set(known)], OFFERED).map(printable)
  const meant = near.join(', ')
  const none = known.length === 0
  terminal.note(
    terminal.say({
      en: `There is no model ${name} here. ${
        meant !== ''
          ? `Is it ${meant}?`
          : none
            ? `There is none yet: \`${program} models pull\` brings one.`
            : `\`${program} models list\` has all; \`${program} models pull\` brings another.`
      }`,
      fr: `Il n'y a pas de modèle ${name} ici. ${
        meant !== ''
          ? `Est-ce ${meant} ?`
          : none
            ? `Il n'y en a encore aucun : \`${program} models pull\` en apporte un.`
            : `\`${program} models list\` les donne tous ; \`${program} models pull\` en apporte un autre.`
      }`,
    }),
  )
  return 2
}

const Names = z.object({
  models: z.array(z.object({ name: z.string(), digest: z.string().nullable() })),
})

/** Tells a refusal of what was asked of one model; where there is no such model, which there are. */
export async function refusedModel(
  word: string,
  answer: AdminAnswer,
  admin: AdminClient,
  context: Context,
): Promise<ExitCode> {
  if (answer.status !== 404) return refusedAnswer(context, answer)
  const read = Names.safeParse((await admin.request('GET', '/api/models?limit=1000')).body)
  const known = read.success ? read.data.models.map(({ name }) => name) : []
  return noSuchModel(word, known, context)
}
