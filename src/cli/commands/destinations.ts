import { z } from 'zod'
import { adminProblem } from '../admin-client.ts'
import type { Command } from '../command.ts'
import { table } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'
import { credential } from './destination-credential.ts'

const Row = z.object({
  id: z.string(),
  zone: z.string(),
  jurisdiction: z.string(),
  clearance: z.string(),
  state: z.string(),
  origin: z.string(),
  health: z.string(),
  limits: z.object({ concurrent: z.number(), queue: z.number(), queueMs: z.number().nullable() }),
  models: z.array(z.object({ name: z.string() })),
})

const VERBS = { trust: 'enabled', enable: 'enabled', disable: 'disabled' } as const

/** `ecluse destinations`: where requests may go. */
export const destinations: Command = {
  name: 'destinations',
  summary: {
    en: 'List, trust, enable and disable destinations',
    fr: 'Lister, approuver, activer et désactiver les destinations',
  },
  usage: 'ls | trust ID | enable ID | disable ID | credential [ls | set ID | rm ID]',
  options: {},
  async run(args, context) {
    const [verb = 'ls', id, subject] = args.positionals
    const { terminal } = context
    if (verb === 'credential') {
      const code = await credential(id ?? 'ls', subject, context)
      if (code !== 3) return code
    }
    if (verb === 'ls') {
      return withAdmin(context, async (admin) => {
        const answer = await admin.request('GET', '/api/destinations')
        const read = z.object({ destinations: z.array(Row) }).safeParse(answer.body)
        if (!read.success) {
          terminal.note(adminProblem(answer, terminal.language))
          return 2
        }
        if (terminal.json) terminal.out(JSON.stringify(read.data.destinations))
        else {
          const head = terminal.say({
            en: 'ID ZONE JURISDICTION CLEARANCE STATE HEALTH PLACES MODELS',
            fr: 'ID ZONE JURIDICTION HABILITATION ÉTAT SANTÉ PLACES MODÈLES',
          })
          const rows = read.data.destinations.map((d) => [
            d.id,
            d.zone,
            d.jurisdiction,
            d.clearance,
            d.state,
            d.health,
            // at the same time, and waiting
            `${d.limits.concurrent}+${d.limits.queue}`,
            d.models.map(({ name }) => name).join(' '),
          ])
          for (const line of table(head.split(' '), rows)) terminal.out(line)
        }
        return 0
      })
    }
    const state = Object.entries(VERBS).find(([known]) => known === verb)?.[1]
    if (state === undefined || id === undefined) {
      terminal.note(`ecluse destinations ${destinations.usage}`)
      return 3
    }
    return withAdmin(context, async (admin) => {
      const answer = await admin.request('PUT', `/api/destinations/${encodeURIComponent(id)}`, {
        state,
      })
      const read = Row.safeParse(answer.body)
      if (!read.success) {
        terminal.note(adminProblem(answer, terminal.language))
        return answer.status >= 500 ? 2 : 1
      }
      if (terminal.json) terminal.out(JSON.stringify(read.data))
      else terminal.out(`${id}: ${read.data.state} (${read.data.zone}, ${read.data.clearance})`)
      return 0
    })
  },
}
