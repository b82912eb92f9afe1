import { z } from 'zod'
import { changeRow, dayOf, filtered, listRows, refusedAnswer, stateColumn } from '../admin-table.ts'
import { textOption, type Command } from '../command.ts'
import { withAdmin } from '../with-admin.ts'

const Made = z.object({ id: z.string(), owner: z.object({ key: z.string(), id: z.string() }) })

/** `ecluse organisations`: companies, or parts of one that share nothing but the machine. */
export const organisations: Command = {
  name: 'organisations',
  summary: {
    en: 'Make, list and disable organisations',
    fr: 'Créer, lister et désactiver des organisations',
  },
  usage: 'ls [--state enabled|disabled] | create ID [--name N] | disable ID | enable ID',
  options: {
    name: { type: 'string' },
    state: { type: 'string' },
    after: { type: 'string' },
    limit: { type: 'string' },
  },
  details: {
    en: 'The key of the first owner of a new organisation is shown once.',
    fr: "La clé du premier propriétaire d'une nouvelle organisation est montrée une seule fois.",
  },
  async run(args, context) {
    const [verb = 'ls', id] = args.positionals
    const { terminal } = context
    if (verb === 'ls') {
      const path = filtered('/api/organisations', args, ['state', 'after', 'limit'])
      return withAdmin(context, (admin) =>
        listRows(context, admin, path, 'organisations', [
          { head: { en: 'ID', fr: 'ID' }, of: 'id' },
          { head: { en: 'NAME', fr: 'NOM' }, of: 'name' },
          { head: { en: 'CREATED', fr: 'CRÉÉE' }, of: dayOf('createdAt') },
          stateColumn(context),
        ]),
      )
    }
    if (id !== undefined && verb === 'create') {
      return withAdmin(context, async (admin) => {
        const body = { id, name: textOption(args, 'name') ?? id }
        const answer = await admin.request('POST', '/api/organisations', body)
        const read = Made.safeParse(answer.body)
        if (!read.success) return refusedAnswer(context, answer)
        if (terminal.json) terminal.out(JSON.stringify(answer.body))
        else {
          terminal.out(read.data.owner.key)
          terminal.note(
            terminal.say({
              en: `Organisation ${id}: the key of its first owner, shown now, never again.`,
              fr: `Organisation ${id} : la clé de son premier propriétaire, montrée maintenant, plus jamais ensuite.`,
            }),
          )
        }
        return 0
      })
    }
    if (id !== undefined && (verb === 'disable' || verb === 'enable')) {
      const path = `/api/organisations/${encodeURIComponent(id)}/${verb}`
      return withAdmin(context, (admin) =>
        changeRow(context, admin, 'POST', path, {}, () => ({
          en: `Organisation ${id}: ${verb}d.`,
          fr: `Organisation ${id} : ${verb === 'disable' ? 'désactivée' : 'activée'}.`,
        })),
      )
    }
    terminal.note(`ecluse organisations ${organisations.usage}`)
    return 3
  },
}
