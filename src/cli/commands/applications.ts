import {
  changeRow,
  emptiable,
  filtered,
  listOption,
  listRows,
  stateColumn,
} from '../admin-table.ts'
import { textOption, type Command, type Context, type ExitCode, type Parsed } from '../command.ts'
import { withAdmin } from '../with-admin.ts'

/** `ecluse applications`: programs that ask, and service accounts. */
export const applications: Command = {
  name: 'applications',
  summary: {
    en: 'Make, list, change and disable applications and service accounts',
    fr: 'Créer, lister, modifier et désactiver applications et comptes de service',
  },
  usage:
    'ls [--team T] [--service true|false] [--state S] | create ID [--name N] [--team T] [--purpose P] [--role R]... | change ID [...] | disable ID | enable ID',
  options: {
    name: { type: 'string' },
    team: { type: 'string' },
    purpose: { type: 'string' },
    role: { type: 'string', multiple: true },
    service: { type: 'string' },
    state: { type: 'string' },
    after: { type: 'string' },
    limit: { type: 'string' },
  },
  details: {
    en: 'With roles it is a service account: a program that administers. Keys: `ecluse keys create NAME --application ID`.',
    fr: "Avec des rôles c'est un compte de service : un programme qui administre. Clés : `ecluse keys create NOM --application ID`.",
  },
  async run(args, context) {
    const [verb = 'ls', id] = args.positionals
    if (verb === 'ls') return list(args, context)
    if (id !== undefined && verb === 'create') {
      const body = { id, name: id, ...fieldsOf(args) }
      return withAdmin(context, (admin) =>
        changeRow(context, admin, 'POST', '/api/applications', body, () => ({
          en: `Application ${id} is made.`,
          fr: `L'application ${id} est créée.`,
        })),
      )
    }
    const path = `/api/applications/${encodeURIComponent(id ?? '')}`
    if (id !== undefined && verb === 'change') {
      return withAdmin(context, (admin) =>
        changeRow(context, admin, 'PUT', path, fieldsOf(args), () => ({
          en: `Application ${id} is changed.`,
          fr: `L'application ${id} est modifiée.`,
        })),
      )
    }
    if (id !== undefined && (verb === 'disable' || verb === 'enable')) {
      return withAdmin(context, (admin) =>
        changeRow(context, admin, 'POST', `${path}/${verb}`, {}, () => ({
          en: `Application ${id}: ${verb}d.`,
          fr: `Application ${id} : ${verb === 'disable' ? 'désactivée' : 'activée'}.`,
        })),
      )
    }
    context.terminal.note(`ecluse applications ${applications.usage}`)
    return 3
  },
}

const list = (args: Parsed, context: Context): Promise<ExitCode> => {
  const path = filtered('/api/applications', args, ['team', 'service', 'state', 'after', 'limit'])
  return withAdmin(context, (admin) =>
    listRows(context, admin, path, 'applications', [
      { head: { en: 'ID', fr: 'ID' }, of: 'id' },
      { head: { en: 'NAME', fr: 'NOM' }, of: 'name' },
      { head: { en: 'TEAM', fr: 'ÉQUIPE' }, of: 'team' },
      { head: { en: 'PURPOSE', fr: 'FINALITÉ' }, of: 'purpose' },
      { head: { en: 'ROLES', fr: 'RÔLES' }, of: 'roles' },
      stateColumn(context),
    ]),
  )
}

function fieldsOf(args: Parsed): object {
  const name = textOption(args, 'name')
  const roles = listOption(args, 'role')
  return {
    ...(name === undefined ? {} : { name }),
    ...emptiable(args, ['team', 'purpose']),
    ...(roles ? { roles } : {}),
  }
}
