import type { Config } from '#config/types.ts'
import type { Context, Parsed } from '../command.ts'
import { textOption } from '../command.ts'
import { gatewayOrigin } from './ask-gateway.ts'

/** The gateway that is meant: as told by `--gateway`, else the one that runs here, else the configured address. Null has been told. */
export function whichGateway(args: Parsed, context: Context, config: Config): string | null {
  const told = textOption(args, 'gateway')
  const { host, port } = config.listen
  const scheme = config.tls === null ? 'http' : 'https'
  const written =
    told ?? context.holder(config)?.listen ?? config.signIn.url ?? `${scheme}://${host}:${port}`
  const origin = gatewayOrigin(written)
  if (origin === null) {
    context.terminal.note(
      context.terminal.say({
        en: 'A key must not travel in clear: write --gateway https://HOST (http:// on this machine only).',
        fr: 'Une clé ne doit pas voyager en clair : écrivez --gateway https://HÔTE (http:// sur cette machine seulement).',
      }),
    )
  }
  return origin
}
