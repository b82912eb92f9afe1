import { cellText, changeRow, dayOf, listRows } from '../admin-table.ts'
import type { Context, ExitCode } from '../command.ts'
import { readSecret } from '../read-secret.ts'
import { withAdmin } from '../with-admin.ts'

/** `ecluse destinations credential`: keys of destinations, sealed at rest and never shown again. 3 for a wrong usage. */
export async function credential(
  verb: string,
  id: string | undefined,
  context: Context,
): Promise<ExitCode> {
  const { terminal } = context
  if (verb === 'ls') {
    return withAdmin(context, (admin) =>
      listRows(context, admin, '/api/credentials', 'credentials', [
        { head: { en: 'DESTINATION', fr: 'DESTINATION' }, of: 'id' },
        { head: { en: 'SET', fr: 'POSÉE' }, of: dayOf('at') },
        { head: { en: 'BY', fr: 'PAR' }, of: (row) => cellText(row['by']) },
      ]),
    )
  }
  if (id === undefined) return 3
  const path = `/api/credentials/${encodeURIComponent(id)}`
  if (verb === 'rm') {
    return withAdmin(context, (admin) =>
      changeRow(context, admin, 'DELETE', path, undefined, () => ({
        en: `The credential of ${id} is removed; the one of the configuration counts, if there is one.`,
        fr: `La clé de ${id} est retirée ; celle de la configuration compte, s'il y en a une.`,
      })),
    )
  }
  if (verb !== 'set') return 3
  const value = await readSecret(context, {
    en: `Credential of ${id} (it is not shown):`,
    fr: `Clé de ${id} (elle n'est pas affichée) :`,
  })
  if (value === null) {
    terminal.note(
      terminal.say({
        en: `Give the value on standard input: ecluse destinations credential set ${id} < FILE`,
        fr: `Donnez la valeur sur l'entrée standard : ecluse destinations credential set ${id} < FICHIER`,
      }),
    )
    return 3
  }
  return withAdmin(context, (admin) =>
    changeRow(context, admin, 'PUT', path, { value }, () => ({
      en: `The credential of ${id} is set, and counts before the one of the configuration.`,
      fr: `La clé de ${id} est posée, et compte avant celle de la configuration.`,
    })),
  )
}
