import { failureOf } from '#models/pull/pull-failure.ts'
import { describePullFailure } from '#models/pull/pull-messages.ts'
import { removeModel } from '#models/store/remove-model.ts'
import { keepBillAfter } from '../models/bom-history.ts'
import { bytesText } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'
import type { Command } from '../command.ts'

/** `ecluse rm`: forgets a model and frees its file. */
export const rm: Command = {
  name: 'rm',
  summary: { en: 'Remove a model from this machine', fr: 'Retirer un modèle de cette machine' },
  usage: 'NAME',
  options: {},
  async run(args, context) {
    const [name] = args.positionals
    const { terminal } = context
    if (name === undefined) {
      terminal.note('ecluse rm NAME')
      return 3
    }
    const config = await context.config()
    if (!config) return 2
    let removed
    try {
      removed = await removeModel(context.paths(config).models, name)
    } catch (error) {
      const failure = failureOf(error, new AbortController().signal)
      const { message, remedy } = describePullFailure(failure, terminal.language)
      terminal.note(`${terminal.paint('red', message)} ${remedy}`)
      return 2
    }
    if (!removed) {
      terminal.note(
        terminal.say({
          en: `No model ${name} here: \`ecluse ls\`.`,
          fr: `Pas de modèle ${name} ici : \`ecluse ls\`.`,
        }),
      )
      return 1
    }
    await withAdmin(context, async (admin) => {
      await keepBillAfter(admin, context)
      return 0
    })
    if (terminal.json) terminal.out(JSON.stringify({ name: removed.name, digest: removed.digest }))
    else {
      const size = bytesText(removed.bytes)
      terminal.out(
        terminal.say({
          en: `Removed ${removed.name} (${size}).`,
          fr: `${removed.name} retiré (${size}).`,
        }),
      )
    }
    return 0
  },
}
