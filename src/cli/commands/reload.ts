import { z } from 'zod'
import { adminProblem } from '../admin-client.ts'
import type { Command } from '../command.ts'
import type { Said } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'

const Answer = z.object({
  outcome: z.enum(['applied', 'unchanged', 'refused']),
  applied: z.array(z.string()),
  restart: z.array(z.string()),
  problems: z.array(z.object({ where: z.string(), message: z.string(), remedy: z.string() })),
  policyVersion: z.string(),
  catalogueVersion: z.string(),
})

/** `ecluse reload`: the running gateway reads its configuration again; no request is dropped. */
export const reload: Command = {
  name: 'reload',
  summary: {
    en: 'Put a changed ecluse.yaml in force without a restart',
    fr: 'Mettre en vigueur un ecluse.yaml modifié, sans redémarrage',
  },
  usage: '',
  options: {},
  details: {
    en: 'The gateway also does so by itself when the file changes, and on SIGHUP. A bad file changes nothing.',
    fr: "La passerelle le fait aussi d'elle-même quand le fichier change, et sur SIGHUP. Un fichier erroné ne change rien.",
  },
  async run(_args, context) {
    const { terminal } = context
    const config = await context.config()
    if (!config) return 2
    if (!context.holder(config)) {
      terminal.note(terminal.say(NOT_RUNNING))
      return 1
    }
    return withAdmin(context, async (admin) => {
      const answer = await admin.request('POST', '/api/reload')
      const read = Answer.safeParse(answer.body)
      if (!read.success) {
        terminal.note(adminProblem(answer, terminal.language))
        return 2
      }
      const { outcome, applied, restart, problems } = read.data
      if (terminal.json) terminal.out(JSON.stringify(read.data))
      else {
        for (const { where, message, remedy } of problems)
          terminal.note(`${where}: ${message} ${remedy}`)
        terminal.out(`${terminal.say(OUTCOMES[outcome])} ${applied.join(', ')}`.trim())
        if (restart.length > 0) terminal.note(`${terminal.say(RESTART)} ${restart.join(', ')}`)
      }
      return outcome === 'refused' ? 1 : 0
    })
  },
}

const NOT_RUNNING: Said = {
  en: 'No gateway runs on this data directory; its configuration is read at the next start.',
  fr: 'Aucune passerelle ne tourne sur ce dossier de données ; sa configuration est lue au prochain démarrage.',
}

const OUTCOMES: Readonly<Record<'applied' | 'unchanged' | 'refused', Said>> = {
  applied: { en: 'In force:', fr: 'En vigueur :' },
  unchanged: { en: 'Nothing to change.', fr: 'Rien à changer.' },
  refused: {
    en: 'Refused: everything stays as it was.',
    fr: 'Refusé : tout reste comme avant.',
  },
}

const RESTART: Said = { en: 'Waits for a restart:', fr: 'Attend un redémarrage :' }
