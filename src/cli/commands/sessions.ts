import { changeRow, dayOf, filtered, listRows } from '../admin-table.ts'
import type { Command } from '../command.ts'
import { withAdmin } from '../with-admin.ts'

/** `ecluse sessions`: who is signed in. */
export const sessions: Command = {
  name: 'sessions',
  summary: { en: 'List and end sign-ins', fr: 'Lister et terminer les connexions' },
  usage: 'ls [--person ID] [--key ID] | end ID',
  options: {
    person: { type: 'string' },
    key: { type: 'string' },
    after: { type: 'string' },
    limit: { type: 'string' },
  },
  async run(args, context) {
    const [verb = 'ls', id] = args.positionals
    if (verb === 'ls') {
      const path = filtered('/api/sessions', args, ['person', 'key', 'after', 'limit'])
      return withAdmin(context, (admin) =>
        listRows(context, admin, path, 'sessions', [
          { head: { en: 'ID', fr: 'ID' }, of: 'id' },
          { head: { en: 'PERSON', fr: 'PERSONNE' }, of: 'person' },
          { head: { en: 'KEY', fr: 'CLÉ' }, of: 'keyId' },
          { head: { en: 'FROM', fr: 'DEPUIS' }, of: 'address' },
          { head: { en: 'OPENED', fr: 'OUVERTE' }, of: dayOf('createdAt') },
          { head: { en: 'ENDS', fr: 'FINIT' }, of: dayOf('expiresAt') },
        ]),
      )
    }
    if (id !== undefined && verb === 'end') {
      const path = `/api/sessions/${encodeURIComponent(id)}`
      return withAdmin(context, (admin) =>
        changeRow(context, admin, 'DELETE', path, undefined, () => ({
          en: `Session ${id} has ended.`,
          fr: `La session ${id} est terminée.`,
        })),
      )
    }
    context.terminal.note(`ecluse sessions ${sessions.usage}`)
    return 3
  },
}
