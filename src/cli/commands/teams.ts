import { changeRow, dayOf, filtered, listRows, stateColumn } from '../admin-table.ts'
import { textOption, type Command } from '../command.ts'
import { withAdmin } from '../with-admin.ts'

const VERBS = { disable: 'disable', enable: 'enable' } as const

/** `ecluse teams`: who shares limits and budgets. */
export const teams: Command = {
  name: 'teams',
  summary: {
    en: 'Make, list, rename and disable teams',
    fr: 'Créer, lister, renommer et désactiver des équipes',
  },
  usage:
    'ls [--state enabled|disabled] | create ID [--name N] | rename ID NAME | disable ID | enable ID',
  options: {
    name: { type: 'string' },
    state: { type: 'string' },
    after: { type: 'string' },
    limit: { type: 'string' },
  },
  async run(args, context) {
    const [verb = 'ls', id, name] = args.positionals
    if (verb === 'ls') {
      return withAdmin(context, (admin) =>
        listRows(
          context,
          admin,
          filtered('/api/teams', args, ['state', 'after', 'limit']),
          'teams',
          [
            { head: { en: 'ID', fr: 'ID' }, of: 'id' },
            { head: { en: 'NAME', fr: 'NOM' }, of: 'name' },
            { head: { en: 'CREATED', fr: 'CRÉÉE' }, of: dayOf('createdAt') },
            stateColumn(context),
          ],
        ),
      )
    }
    if (id !== undefined && verb === 'create') {
      const body = { id, name: textOption(args, 'name') ?? name ?? id }
      return withAdmin(context, (admin) =>
        changeRow(context, admin, 'POST', '/api/teams', body, () => ({
          en: `Team ${id} is made.`,
          fr: `L'équipe ${id} est créée.`,
        })),
      )
    }
    if (id !== undefined && verb === 'rename' && name !== undefined) {
      return withAdmin(context, (admin) =>
        changeRow(context, admin, 'PUT', `/api/teams/${encodeURIComponent(id)}`, { name }, () => ({
          en: `Team ${id} is called ${name}.`,
          fr: `L'équipe ${id} s'appelle ${name}.`,
        })),
      )
    }
    if (id !== undefined && Object.hasOwn(VERBS, verb)) {
      return withAdmin(context, (admin) =>
        changeRow(
          context,
          admin,
          'POST',
          `/api/teams/${encodeURIComponent(id)}/${verb}`,
          {},
          () => ({ en: `Team ${id}: ${verb}d.`, fr: `Équipe ${id} : ${FRENCH[verb] ?? verb}.` }),
        ),
      )
    }
    context.terminal.note(`ecluse teams ${teams.usage}`)
    return 3
  },
}

const FRENCH: Readonly<Record<string, string>> = { disable: 'désactivée', enable: 'activée' }
