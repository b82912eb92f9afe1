import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import type { LicenceTask } from '#models/licences/duties.ts'
import { printable } from '#models/signing/describe.ts'
import { filtered, refusedAnswer } from '../admin-table.ts'
import { textOption } from '../command.ts'
import type { Said } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'
import type { ModelsSubcommand } from './subcommand.ts'

const Tasks = z.object({
  // the shape is that of the route, in this same program
  tasks: z.array(z.custom<LicenceTask>((one) => typeof one === 'object' && one !== null)),
})
const Notice = z.object({ notice: z.string() })

const WHAT: Readonly<Record<LicenceTask['what'], Said>> = {
  blocked: { en: 'not allowed', fr: 'interdit' },
  clear: { en: 'to be cleared', fr: 'à éclaircir' },
  duty: { en: 'to do', fr: 'à faire' },
  later: { en: 'to remember', fr: 'à retenir' },
}

/** `ecluse models tasks`. */
export const tasksSubcommand: ModelsSubcommand = {
  summary: {
    en: 'What the licences of the models here ask of the company now; --notice writes one NOTICE for all of them',
    fr: "Ce que les licences des modèles présents demandent à l'entreprise ; --notice écrit un NOTICE pour tous",
  },
  usage: '[--model NAME] [--kind KIND] [--what duty|clear|blocked|later] [--notice FILE]',
  options: {
    model: { type: 'string' },
    kind: { type: 'string' },
    what: { type: 'string' },
    notice: { type: 'string' },
  },
  run: (args, context) =>
    withAdmin(context, async (admin) => {
      const { terminal } = context
      const path = filtered('/api/models/tasks', args, ['model', 'kind', 'what'])
      const answer = await admin.request('GET', path)
      const read = Tasks.safeParse(answer.body)
      if (!read.success) return refusedAnswer(context, answer)
      const { tasks } = read.data
      const file = textOption(args, 'notice')
      if (file !== undefined) {
        const noticed = await admin.request('GET', '/api/models/notice')
        const notice = Notice.safeParse(noticed.body)
        if (!notice.success) return refusedAnswer(context, noticed)
        try {
          await writeFile(file, notice.data.notice)
        } catch (error) {
          const why = error instanceof Error && 'code' in error ? String(error.code) : '?'
          terminal.note(`${file}: ${why}`)
          return 2
        }
      }
      if (terminal.json) terminal.out(JSON.stringify(tasks))
      else
        for (const { model, what, kind, obligation, licence, citation } of tasks)
          terminal.out(
            `${printable(model)}  ${terminal.say(WHAT[what])}  ${kind}: ${obligation} (${licence}, ${citation ?? '-'})`,
          )
      if (tasks.length === 0 && !terminal.json)
        terminal.note(terminal.say({ en: 'Nothing is asked.', fr: "Rien n'est demandé." }))
      // what is not allowed, or not clear, is a no
      return tasks.some(({ what }) => what === 'blocked' || what === 'clear') ? 1 : 0
    }),
}
