import type { Command } from '../command.ts'
import { readSecret } from '../read-secret.ts'

/** `ecluse secret`: the one secret that everything else is sealed under. */
export const secret: Command = {
  name: 'secret',
  summary: {
    en: 'Exchange the root secret, and seal everything anew',
    fr: 'Échanger le secret racine, et tout sceller de nouveau',
  },
  usage: 'rotate',
  options: {},
  details: {
    en: 'While no gateway runs. Keys stay good; people sign in again. Where the secret comes from ECLUSE_MASTER_KEY, give the new one on standard input.',
    fr: "Quand aucune passerelle ne tourne. Les clés restent bonnes ; les personnes se reconnectent. Si le secret vient d'ECLUSE_MASTER_KEY, donnez le nouveau sur l'entrée standard.",
  },
  async run(args, context) {
    const { terminal } = context
    if (args.positionals[0] !== 'rotate') {
      terminal.note(`ecluse secret ${secret.usage}`)
      return 3
    }
    const config = await context.config()
    if (!config) return 2
    const given =
      config.masterKey === null
        ? null
        : await readSecret(context, {
            en: 'The new root secret:',
            fr: 'Le nouveau secret racine :',
          })
    const rotated = await context.rotateSecret(config, given)
    if (!rotated.ok) {
      terminal.note(terminal.say(rotated.error))
      return 2
    }
    const { sealed, generation, file } = rotated.value
    if (terminal.json) terminal.out(JSON.stringify(rotated.value))
    else
      terminal.out(
        terminal.say({
          en: `The root secret is exchanged (number ${generation}); ${sealed} secret(s) are sealed anew${file === null ? '. Start with it in ECLUSE_MASTER_KEY.' : ` (${file}).`}`,
          fr: `Le secret racine est échangé (numéro ${generation}) ; ${sealed} secret(s) scellé(s) de nouveau${file === null ? '. Démarrez avec lui dans ECLUSE_MASTER_KEY.' : ` (${file}).`}`,
        }),
      )
    return 0
  },
}
