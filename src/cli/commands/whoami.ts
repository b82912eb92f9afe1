import { z } from 'zod'
import { adminProblem } from '../admin-client.ts'
import type { Command } from '../command.ts'
import { askGateway } from '../sign-in/ask-gateway.ts'
import { signedInAt } from '../sign-in/signed-in-at.ts'

const Session = z.object({
  scopes: z.array(z.string()),
  tenant: z.string(),
  team: z.string().nullable(),
  person: z.string().nullable(),
})

/** `ecluse whoami`: who this command line is at a gateway, as the gateway sees it. */
export const whoami: Command = {
  name: 'whoami',
  summary: { en: 'Show who you are signed in as', fr: 'Montrer qui est connecté' },
  usage: '[--gateway URL]',
  options: {},
  async run(args, context) {
    const { terminal } = context
    const signedIn = await signedInAt(args, context)
    if (typeof signedIn === 'number') return signedIn
    const { gateway } = signedIn
    // the key has a name of its own; whose it is was told at sign-in
    const { key, name, expiresAt } = signedIn.kept
    const { language } = terminal
    const answer = await askGateway({ gateway, method: 'GET', path: '/api/session', key, language })
    const read = Session.safeParse(answer.body)
    if (!read.success) {
      terminal.note(adminProblem(answer, language))
      return answer.status >= 500 ? 2 : 1
    }
    const { scopes, tenant, team, person } = read.data
    if (terminal.json) {
      terminal.out(
        JSON.stringify({ gateway, name, person, roles: scopes, tenant, team, expiresAt }),
      )
      return 0
    }
    const until = new Date(expiresAt).toISOString()
    terminal.out(`${name} (${scopes.join(', ') || '-'})`)
    terminal.out(
      terminal.say({
        en: `${gateway}, organisation ${tenant}${team === null ? '' : `, team ${team}`}, until ${until}`,
        fr: `${gateway}, organisation ${tenant}${team === null ? '' : `, équipe ${team}`}, jusqu'au ${until}`,
      }),
    )
    return 0
  },
}
