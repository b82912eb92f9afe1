import {
  changeRow,
  dayOf,
  emptiable,
  filtered,
  listOption,
  listRows,
  stateColumn,
} from '../admin-table.ts'
import { textOption, type Command, type Context, type ExitCode, type Parsed } from '../command.ts'
import { withAdmin } from '../with-admin.ts'

/** `ecluse people`: who may sign in, with which roles. */
export const people: Command = {
  name: 'people',
  summary: {
    en: 'Add, list, change and disable people, and give them roles',
    fr: 'Ajouter, lister, modifier et désactiver des personnes, et leur donner des rôles',
  },
  usage:
    'ls [--role R] [--team T] [--state S] | add NAME [--email E] [--issuer URL --subject SUB] [--role R]... [--team T] | change ID [...] | disable ID | enable ID',
  options: {
    email: { type: 'string' },
    name: { type: 'string' },
    issuer: { type: 'string' },
    subject: { type: 'string' },
    role: { type: 'string', multiple: true },
    team: { type: 'string' },
    state: { type: 'string' },
    after: { type: 'string' },
    limit: { type: 'string' },
  },
  details: {
    en: 'Roles: `ecluse roles ls`. `--role -` takes all roles away, `--team -` the team. Disabling ends sessions, keys and running answers at once.',
    fr: 'Rôles : `ecluse roles ls`. `--role -` retire tous les rôles, `--team -` l’équipe. Désactiver met fin aussitôt aux sessions, aux clés et aux réponses en cours.',
  },
  async run(args, context) {
    const [verb = 'ls', subject] = args.positionals
    if (verb === 'ls') return list(args, context)
    if (subject !== undefined && verb === 'add') return add(subject, args, context)
    if (subject !== undefined && verb === 'change') return change(subject, args, context)
    if (subject !== undefined && (verb === 'disable' || verb === 'enable')) {
      const path = `/api/people/${encodeURIComponent(subject)}/${verb}`
      return withAdmin(context, (admin) =>
        changeRow(context, admin, 'POST', path, {}, () => ({
          en: `${subject}: ${verb}d.`,
          fr: `${subject} : ${verb === 'disable' ? 'désactivée' : 'activée'}.`,
        })),
      )
    }
    context.terminal.note(`ecluse people ${people.usage}`)
    return 3
  },
}

const list = (args: Parsed, context: Context): Promise<ExitCode> => {
  const role = listOption(args, 'role')?.[0]
  const values = { ...args.values, role }
  const path = filtered('/api/people', { ...args, values }, [
    'role',
    'team',
    'state',
    'after',
    'limit',
  ])
  return withAdmin(context, (admin) =>
    listRows(context, admin, path, 'people', [
      { head: { en: 'ID', fr: 'ID' }, of: 'id' },
      { head: { en: 'NAME', fr: 'NOM' }, of: 'name' },
      { head: { en: 'EMAIL', fr: 'COURRIEL' }, of: 'email' },
      { head: { en: 'ROLES', fr: 'RÔLES' }, of: 'roles' },
      { head: { en: 'TEAM', fr: 'ÉQUIPE' }, of: 'team' },
      { head: { en: 'LAST-SEEN', fr: 'VUE' }, of: dayOf('lastSeenAt') },
      stateColumn(context),
    ]),
  )
}

const add = (name: string, args: Parsed, context: Context): Promise<ExitCode> => {
  const roles = listOption(args, 'role')
  const body = {
    name,
    ...emptiable(args, ['email', 'issuer', 'subject', 'team']),
    ...(roles ? { roles } : {}),
  }
  return withAdmin(context, (admin) =>
    changeRow(context, admin, 'POST', '/api/people', body, (row) => ({
      en: `${name} is added as ${String(row['id'])}.`,
      fr: `${name} est ajoutée : ${String(row['id'])}.`,
    })),
  )
}

const change = (id: string, args: Parsed, context: Context): Promise<ExitCode> => {
  const roles = listOption(args, 'role')
  const name = textOption(args, 'name')
  const body = {
    ...(name === undefined ? {} : { name }),
    ...emptiable(args, ['email', 'issuer', 'subject', 'team']),
    ...(roles ? { roles } : {}),
  }
  return withAdmin(context, (admin) =>
    changeRow(context, admin, 'PUT', `/api/people/${encodeURIComponent(id)}`, body, () => ({
      en: `${id} is changed.`,
      fr: `${id} est modifiée.`,
    })),
  )
}
