import { z } from 'zod'
import { describeSecretProblem } from '#identity/problem.ts'
import { adminProblem } from '../admin-client.ts'
import type { Command } from '../command.ts'
import { askGateway } from '../sign-in/ask-gateway.ts'
import { keptSignIn } from '../sign-in/kept-sign-ins.ts'
import { whichGateway } from '../sign-in/which-gateway.ts'

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
    const config = await context.config()
    const gateway = config && whichGateway(args, context, config)
    if (!config || gateway === null) return 2
    const kept = keptSignIn(config.home, gateway)
    if (!kept.ok) {
      terminal.note(describeSecretProblem(kept.error, terminal.language))
      return 2
    }
    if (kept.value === null) {
      terminal.note(
        terminal.say({
          en: `Not signed in at ${gateway}. Sign in with \`${context.program} sign-in\`.`,
          fr: `Pas de connexion à ${gateway}. Connectez-vous avec \`${context.program} sign-in\`.`,
        }),
      )
      return 1
    }
    // the key has a name of its own; whose it is was told at sign-in
    const { key, name, expiresAt } = kept.value
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
