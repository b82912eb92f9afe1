import { z } from 'zod'
import type { Command } from '../command.ts'
import { localGet } from '../local-http.ts'
import { bytesText, table } from '../terminal.ts'

const Status = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      state: z.string(),
      memoryBytes: z.number().nullable(),
      contextTokens: z.number().nullable(),
      slots: z.object({ used: z.number(), total: z.number() }),
      waiting: z.number(),
      tokensPerSecond: z.number().nullable(),
    }),
  ),
  queue: z.object({ waiting: z.number(), limit: z.number() }),
})

/** `ecluse ps`: what the engine on board has in memory. */
export const ps: Command = {
  name: 'ps',
  summary: {
    en: 'Show what the engine on board runs',
    fr: 'Montrer ce que fait le moteur embarqué',
  },
  usage: '',
  options: {},
  async run(_args, context) {
    const config = await context.config()
    if (!config) return 2
    const { terminal } = context
    const answer = await localGet({ socketPath: context.paths(config).engineSocket }, '/ps')
    const read = Status.safeParse(answer ? jsonOf(answer.text) : null)
    if (!read.success) {
      const isHeld = context.holder(config) !== null
      if (terminal.json) terminal.out(JSON.stringify({ running: false, gateway: isHeld }))
      else {
        terminal.note(
          isHeld
            ? terminal.say({
                en: 'The engine is not running yet.',
                fr: 'Le moteur ne tourne pas encore.',
              })
            : terminal.say({
                en: 'No gateway runs here: `ecluse serve`.',
                fr: 'Aucune passerelle ne tourne ici : `ecluse serve`.',
              }),
        )
      }
      return 1
    }
    if (terminal.json) {
      terminal.out(JSON.stringify({ running: true, ...read.data }))
      return 0
    }
    const head = terminal.say({
      en: 'NAME STATE MEMORY CONTEXT BUSY WAITING TOKENS/S',
      fr: 'NOM ÉTAT MÉMOIRE CONTEXTE OCCUPÉS ATTENTE JETONS/S',
    })
    const rows = read.data.models.map((model) => [
      model.name,
      model.state,
      model.memoryBytes === null ? '-' : bytesText(model.memoryBytes),
      String(model.contextTokens ?? '-'),
      `${model.slots.used}/${model.slots.total}`,
      String(model.waiting),
      model.tokensPerSecond === null ? '-' : model.tokensPerSecond.toFixed(1),
    ])
    for (const line of table(head.split(' '), rows)) terminal.out(line)
    return 0
  },
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
