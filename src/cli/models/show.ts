import { usageIn } from '../usage-words.ts'
import { z } from 'zod'
import { refusedAnswer } from '../admin-table.ts'
import { textOption } from '../command.ts'
import { refusedModel } from './no-such-model.ts'
import { withAdmin } from '../with-admin.ts'
import { Full, showFull } from './show-admission.ts'
import { writeOut } from './write-out.ts'
import type { ModelsSubcommand } from './subcommand.ts'

const Bundle = z.object({ bundle: z.string() })
const Key = z.object({ publicKey: z.string(), fingerprint: z.string() })

/** `ecluse models show`. */
export const showSubcommand: ModelsSubcommand = {
  summary: {
    en: "All that is recorded of a model: scan, evidence, approval, exceptions, changes; --output-bundle writes the company's signature",
    fr: "Tout ce qui est consigné d'un modèle : analyse, preuves, approbation, exceptions, changements ; --output-bundle écrit la signature de l'entreprise",
  },
  usage: 'NAME|DIGEST [--output-bundle FILE]',
  options: { 'output-bundle': { type: 'string' } },
  run(args, context) {
    const { terminal } = context
    const [id] = args.positionals
    if (id === undefined) {
      terminal.note(`ecluse models show ${usageIn(showSubcommand.usage, terminal.language)}`)
      return Promise.resolve(3)
    }
    return withAdmin(context, async (admin) => {
      const path = `/api/models/${encodeURIComponent(id)}`
      const answer = await admin.request('GET', path)
      const read = Full.safeParse(answer.body)
      if (!read.success) return refusedModel(id, answer, admin, context)
      const file = textOption(args, 'output-bundle')
      if (file !== undefined) {
        const signature = await admin.request('GET', `${path}/signature`)
        const bundle = Bundle.safeParse(signature.body)
        if (!bundle.success) return refusedAnswer(context, signature)
        if (!(await writeOut(file, bundle.data.bundle, terminal))) return 2
      }
      if (terminal.json) terminal.out(JSON.stringify(read.data))
      else showFull(read.data, terminal)
      return 0
    })
  },
}

/** `ecluse models key`. */
export const keySubcommand: ModelsSubcommand = {
  summary: {
    en: 'The public key that approvals are signed with, for `models verify --public-key`',
    fr: 'La clé publique qui signe les approbations, pour `models verify --public-key`',
  },
  usage: '',
  options: {},
  run(_args, context) {
    return withAdmin(context, async (admin) => {
      const answer = await admin.request('GET', '/api/models/key')
      const read = Key.safeParse(answer.body)
      if (!read.success) return refusedAnswer(context, answer)
      const { terminal } = context
      if (terminal.json) terminal.out(JSON.stringify(read.data))
      else terminal.out(read.data.publicKey.trimEnd())
      return 0
    })
  },
}
