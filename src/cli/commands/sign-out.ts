import { describeSecretProblem } from '#identity/problem.ts'
import type { Command } from '../command.ts'
import { askGateway } from '../sign-in/ask-gateway.ts'
import { keepSignIn, keptSignIn } from '../sign-in/kept-sign-ins.ts'
import { whichGateway } from '../sign-in/which-gateway.ts'

/** `ecluse sign-out`: the key of the sign-in is revoked there, and forgotten here. */
export const signOut: Command = {
  name: 'sign-out',
  summary: { en: 'End your sign-in', fr: 'Terminer sa connexion' },
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
        terminal.say({ en: `Not signed in at ${gateway}.`, fr: `Pas de connexion à ${gateway}.` }),
      )
      return 1
    }
    const { key } = kept.value
    const { language } = terminal
    const question = { gateway, method: 'DELETE', path: '/api/session', key, language } as const
    const answer = await askGateway(question)
    // forgotten here in any case; one that was not revoked there still ends by itself
    keepSignIn(config.home, gateway, null)
    const isRevoked = answer.status === 204 || answer.status === 200 || answer.status === 401
    if (terminal.json)
      terminal.out(JSON.stringify({ gateway, signedOut: true, revoked: isRevoked }))
    else
      terminal.out(
        terminal.say({ en: `Signed out of ${gateway}.`, fr: `Déconnecté de ${gateway}.` }),
      )
    if (isRevoked) return 0
    terminal.note(
      terminal.say({
        en: 'The gateway did not answer: the key is forgotten here, and still good there until it ends.',
        fr: "La passerelle n'a pas répondu : la clé est oubliée ici, et reste valable là-bas jusqu'à sa fin.",
      }),
    )
    return 2
  },
}
