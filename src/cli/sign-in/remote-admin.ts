import type { Language } from '#kernel/refusal-messages.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { describeSecretProblem } from '#identity/problem.ts'
import type { AdminClient } from '../admin-client.ts'
import type { Said } from '../terminal.ts'
import { askGateway, gatewayOrigin } from './ask-gateway.ts'
import { keptSignIn } from './kept-sign-ins.ts'

/** The administration of a gateway elsewhere, with the sign-in that is kept for it. */
export function remoteAdmin(
  home: string,
  written: string,
  language: Language,
): Result<AdminClient, Said> {
  const gateway = gatewayOrigin(written)
  if (gateway === null) {
    return err({
      en: 'A key must not travel in clear: write --gateway https://HOST.',
      fr: 'Une clé ne doit pas voyager en clair : écrivez --gateway https://HÔTE.',
    })
  }
  const kept = keptSignIn(home, gateway)
  if (!kept.ok) {
    const { error } = kept
    return err({ en: describeSecretProblem(error, 'en'), fr: describeSecretProblem(error, 'fr') })
  }
  if (kept.value === null) {
    return err({
      en: `Not signed in at ${gateway}: \`ecluse sign-in --gateway ${gateway}\`.`,
      fr: `Pas de connexion à ${gateway} : \`ecluse sign-in --gateway ${gateway}\`.`,
    })
  }
  const { key } = kept.value
  return ok({
    request: (method, path, body) => askGateway({ gateway, method, path, key, body, language }),
    close: () => Promise.resolve(),
  })
}
