import { describeSecretProblem } from '#identity/problem.ts'
import type { Context, ExitCode, Parsed } from '../command.ts'
import { keptSignIn, type KeptSignIn } from './kept-sign-ins.ts'
import { whichGateway } from './which-gateway.ts'

/** The sign-in that a command acts with, and where it is kept. */
export interface SignedIn {
  readonly home: string
  readonly gateway: string
  readonly kept: KeptSignIn
}

/** Where this command line is signed in; an exit code when it is nowhere, which has been told. */
export async function signedInAt(args: Parsed, context: Context): Promise<SignedIn | ExitCode> {
  const { terminal } = context
  const config = await context.config()
  const gateway = config && whichGateway(args, context, config)
  if (!config || gateway === null) return 2
  const kept = keptSignIn(config.home, gateway)
  if (!kept.ok) {
    terminal.note(describeSecretProblem(kept.error, terminal.language))
    return 2
  }
  if (kept.value !== null) return { home: config.home, gateway, kept: kept.value }
  terminal.note(
    terminal.say({
      en: `Not signed in at ${gateway}. Sign in with \`${context.program} sign-in\`.`,
      fr: `Pas de connexion à ${gateway}. Connectez-vous avec \`${context.program} sign-in\`.`,
    }),
  )
  return 1
}
