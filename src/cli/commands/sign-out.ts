import type { Command } from '../command.ts'
import { askGateway } from '../sign-in/ask-gateway.ts'
import { keepSignIn } from '../sign-in/kept-sign-ins.ts'
import { signedInAt } from '../sign-in/signed-in-at.ts'

/** `ecluse sign-out`: the key of the sign-in is revoked there, and forgotten here. */
export const signOut: Command = {
  name: 'sign-out',
  summary: { en: 'End your sign-in', fr: 'Terminer sa connexion' },
  usage: '[--gateway URL]',
  options: {},
  async run(args, context) {
    const { terminal } = context
    const signedIn = await signedInAt(args, context)
    if (typeof signedIn === 'number') return signedIn
    const { home, gateway } = signedIn
    const { key } = signedIn.kept
    const { language } = terminal
    const question = { gateway, method: 'DELETE', path: '/api/session', key, language } as const
    const answer = await askGateway(question)
    // forgotten here in any case; one that was not revoked there still ends by itself
    keepSignIn(home, gateway, null)
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
