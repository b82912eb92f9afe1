import { usageIn } from '../usage-words.ts'
import { z } from 'zod'
import type { LicenceTask } from '#models/licences/duties.ts'
import { printable } from '#kernel/printable.ts'
import { filtered, refusedAnswer } from '../admin-table.ts'
import { textOption } from '../command.ts'
import { CONDITIONS } from './condition-words.ts'
import { toldWrongValue } from '../option-values.ts'
import type { Said, Terminal } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'
import { beside } from '../wrap.ts'
import { refusedModel } from './no-such-model.ts'
import { writeOut } from './write-out.ts'
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

const WHATS = Object.keys(WHAT)

/** Said of a doubt; what a licence asks is quoted in the language of its text. */
const DOUBTS: Readonly<Record<string, string>> = {
  'licence-unknown': 'trouver la licence du modèle, ou de ce dont il est fait',
  'text-resembles-only': 'faire lire le texte : il ressemble seulement à une licence connue',
  'tag-contradicts-text':
    'faire dire quelle licence vaut : le texte et les métadonnées en nomment deux',
}

/** What the company has not said, as the configuration has it. */
const settingOf = (field: string): string =>
  field === 'modalities'
    ? field
    : `company.${field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`

/** Weights by weights, under all their names, each task once. */
function show(all: readonly LicenceTask[], terminal: Terminal): void {
  const groups = Map.groupBy(all, ({ digest }) => digest)
  const tasks = [...groups.values()].flatMap((own) => {
    const names = [...new Set(own.map(({ model }) => model))].join(', ')
    const once = new Map(own.map((one) => [`${one.licence} ${one.condition} ${one.what}`, one]))
    return [...once.values()].map((one) => ({ ...one, model: names }))
  })
  const words = tasks.map((task) => {
    const kind = CONDITIONS[task.kind]
    return [terminal.say(WHAT[task.what]), kind === undefined ? task.kind : terminal.say(kind)]
  })
  const width = (at: 0 | 1): number => Math.max(0, ...words.map((one) => one[at]?.length ?? 0))
  let model = ''
  for (const [at, task] of tasks.entries()) {
    if (task.digest !== model) terminal.out(terminal.paint('bold', printable(task.model)))
    model = task.digest
    const [what = '', kind = ''] = words[at] ?? []
    const said = terminal.say({
      en: task.obligation,
      fr: DOUBTS[task.condition] ?? task.obligation,
    })
    const source = [task.licence, task.citation].filter((one) => one !== null && one !== '')
    const unsaid =
      task.missing.length === 0
        ? ''
        : ` [${terminal.say({ en: 'not said', fr: 'non dit' })}: ${task.missing.map(settingOf).join(', ')}]`
    const text = `${said}${source.length === 0 ? '' : ` (${source.join(', ')})`}${unsaid}`
    const head = `  ${what.padEnd(width(0))}  ${kind.padEnd(width(1))}  `
    for (const line of beside(head, text, terminal.columns)) terminal.out(line)
  }
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
  async run(args, context) {
    const { terminal } = context
    if (args.positionals.length > 0) {
      terminal.note(`ecluse models tasks ${usageIn(tasksSubcommand.usage, terminal.language)}`)
      return 3
    }
    if (toldWrongValue(args, { what: WHATS, kind: Object.keys(CONDITIONS) }, terminal)) return 3
    return withAdmin(context, async (admin) => {
      const path = filtered('/api/models/tasks', args, ['model', 'kind', 'what'])
      const answer = await admin.request('GET', path)
      const model = textOption(args, 'model')
      if (model !== undefined && answer.status === 404)
        return refusedModel(model, answer, admin, context)
      const read = Tasks.safeParse(answer.body)
      if (!read.success) return refusedAnswer(context, answer)
      const { tasks } = read.data
      const file = textOption(args, 'notice')
      if (file !== undefined) {
        const noticed = await admin.request('GET', '/api/models/notice')
        const notice = Notice.safeParse(noticed.body)
        if (!notice.success) return refusedAnswer(context, noticed)
        if (!(await writeOut(file, notice.data.notice, terminal))) return 2
      }
      if (terminal.json) terminal.out(JSON.stringify(tasks))
      else show(tasks, terminal)
      const isFiltered = ['model', 'kind', 'what'].some((one) => args.values[one] !== undefined)
      if (tasks.length === 0 && !terminal.json)
        terminal.note(
          isFiltered
            ? terminal.say({ en: 'Nothing such is asked.', fr: "Rien de tel n'est demandé." })
            : terminal.say({ en: 'Nothing is asked.', fr: "Rien n'est demandé." }),
        )
      // what is not allowed, or not clear, is a no
      return tasks.some((one) => one.what === 'blocked' || one.what === 'clear') ? 1 : 0
    })
  },
}
