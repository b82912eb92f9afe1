import { PERMISSIONS } from '#kernel/permission.ts'
import { listRows } from '../admin-table.ts'
import type { Command } from '../command.ts'
import { withAdmin } from '../with-admin.ts'

/** `ecluse roles`: what roles and scopes allow. */
export const roles: Command = {
  name: 'roles',
  summary: {
    en: 'Show what roles and scopes allow',
    fr: 'Montrer ce que permettent rôles et droits',
  },
  usage: 'ls | permissions',
  options: {},
  async run(args, context) {
    const [verb = 'ls'] = args.positionals
    if (verb === 'ls') {
      return withAdmin(context, (admin) =>
        listRows(context, admin, '/api/roles', 'roles', [
          { head: { en: 'ID', fr: 'ID' }, of: 'id' },
          { head: { en: 'KIND', fr: 'SORTE' }, of: 'kind' },
          {
            head: { en: 'PERMISSIONS', fr: 'PERMISSIONS' },
            of: (row) => compact(row['permissions']),
          },
        ]),
      )
    }
    if (verb === 'permissions') {
      return withAdmin(context, (admin) =>
        listRows(context, admin, '/api/roles', 'permissions', [
          { head: { en: 'ID', fr: 'ID' }, of: 'id' },
          { head: { en: 'REACHES', fr: 'PORTÉE' }, of: 'reach' },
          { head: { en: 'ALLOWS TO', fr: 'PERMET DE' }, of: 'allows' },
        ]),
      )
    }
    context.terminal.note(`ecluse roles ${roles.usage}`)
    return 3
  },
}

/** `teams.read teams.write policy.read` as `teams:rw policy:r`; a role that may do everything says so. */
function compact(permissions: unknown): string {
  if (!Array.isArray(permissions)) return ''
  if (permissions.length === PERMISSIONS.length) return '*'
  const groups = new Map<string, string>()
  for (const permission of permissions) {
    const [group = '', what] = String(permission).split('.')
    const letter = what === 'read' ? 'r' : what === 'write' ? 'w' : what
    const before = groups.get(group)
    const isShort = letter === 'w' && before?.endsWith('r') === true
    groups.set(group, [before, letter].filter((one) => one !== undefined).join(isShort ? '' : ','))
  }
  return [...groups].map(([group, whats]) => (whats === '' ? group : `${group}:${whats}`)).join(' ')
}
