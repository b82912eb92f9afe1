import type { Command } from '../command.ts'
import { textOption } from '../command.ts'
import { signSubcommand, sign } from '../models/sign.ts'
import { verifySubcommand, verify } from '../models/verify.ts'

/** `ecluse oms`: `models sign` and `models verify` under the words of the OpenSSF Model Signing conformance suite. */
export const oms: Command = {
  name: 'oms',
  summary: {
    en: 'Sign and verify models as the OpenSSF conformance suite asks for it',
    fr: 'Signer et vérifier des modèles comme la suite de conformité OpenSSF le demande',
  },
  usage:
    'sign-model --method M --model-path PATH --output-bundle FILE ... | verify-model --method M --model-path PATH --bundle FILE ...',
  options: {
    'model-path': { type: 'string' },
    // the suite's words for signing without a key, which needs services online
    'identity-token': { type: 'string' },
    'use-staging': { type: 'boolean' },
    ...signSubcommand.options,
    ...verifySubcommand.options,
  },
  async run(args, context) {
    const [verb] = args.positionals
    const model = textOption(args, 'model-path')
    if (model !== undefined && args.positionals.length === 1) {
      if (verb === 'sign-model') return await sign(model, args, context)
      // the suite asks for signatures of version 0.2 to be accepted, without a word for it
      if (verb === 'verify-model') return await verify(model, args, context, true)
    }
    context.terminal.note(`ecluse oms ${oms.usage}`)
    return 3
  },
}
