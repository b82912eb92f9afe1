import { z } from 'zod'
import { adminProblem, type AdminAnswer, type AdminClient } from './admin-client.ts'
import type { Context, ExitCode, Parsed } from './command.ts'
import { textOption } from './command.ts'
import { table, type Said } from './terminal.ts'

const Row = z.record(z.string(), z.unknown())

/** One column: its heading, and the field of a row it shows. */
export interface Column {
  readonly head: Said
  readonly of: string | ((row: Readonly<Record<string, unknown>>) => string)
}

/** The path with those options of the command that were given as its query. */
export function filtered(path: string, args: Parsed, names: readonly string[]): string {
  const query = new URLSearchParams()
  for (const name of names) {
    const value = textOption(args, name)
    if (value !== undefined) query.set(name, value)
  }
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}

/** Lists what an admin route answers: as JSON as it is, or as columns; says where the next page begins. */
export async function listRows(
  context: Context,
  admin: AdminClient,
  path: string,
  field: string,
  columns: readonly Column[],
): Promise<ExitCode> {
  const { terminal } = context
  const answer = await admin.request('GET', path)
  const shape = z.object({ [field]: z.array(Row), next: z.string().nullable().optional() })
  const read = shape.safeParse(answer.body)
  if (!read.success) return refusedAnswer(context, answer)
  const rows = z.array(Row).parse(read.data[field])
  if (terminal.json) {
    terminal.out(JSON.stringify(rows))
    return 0
  }
  const cells = rows.map((row) =>
    columns.map(({ of }) => (typeof of === 'function' ? of(row) : cellText(row[of]))),
  )
  for (const line of table(
    columns.map(({ head }) => terminal.say(head)),
    cells,
  ))
    terminal.out(line)
  const { next } = read.data
  if (typeof next === 'string') terminal.note(terminal.say(nextPage(next)))
  return 0
}

const nextPage = (next: string): Said => ({
  en: `There are more: --after ${next}`,
  fr: `Il y en a d'autres : --after ${next}`,
})

/** Words with commas, a dash for nothing. */
export function cellText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(String).join(',')
  if (value === null || value === undefined || value === '') return '-'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The day of a time in a row, a dash for none. */
export const dayOf =
  (field: string) =>
  (row: Readonly<Record<string, unknown>>): string => {
    const at = row[field]
    return typeof at === 'number' ? new Date(at).toISOString().slice(0, 10) : '-'
  }

/** Whether a row is disabled, in words. */
export const stateColumn = (context: Context): Column => ({
  head: { en: 'STATE', fr: 'ÉTAT' },
  of: (row) =>
    row['disabledAt'] === null ? '' : context.terminal.say({ en: 'disabled', fr: 'désactivé' }),
})

/** Asks for a change, and says what came of it: the row as JSON, or a line. */
export async function changeRow(
  context: Context,
  admin: AdminClient,
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: unknown,
  said: (row: Readonly<Record<string, unknown>>) => Said,
): Promise<ExitCode> {
  const { terminal } = context
  const answer = await admin.request(method, path, body)
  if (answer.status >= 300) return refusedAnswer(context, answer)
  const read = Row.safeParse(answer.body)
  const row = read.success ? read.data : {}
  if (terminal.json) terminal.out(JSON.stringify(read.success ? row : { done: true }))
  else terminal.out(terminal.say(said(row)))
  return 0
}

/** Tells a refusal; 1 when it was refused, 2 when it could not be asked. */
export function refusedAnswer(context: Context, answer: AdminAnswer): ExitCode {
  context.terminal.note(adminProblem(answer, context.terminal.language))
  return answer.status >= 500 ? 2 : 1
}

/** The values of an option that may be given several times, or with commas; undefined when it was not given. */
export function listOption(args: Parsed, name: string): readonly string[] | undefined {
  const value = args.values[name]
  if (!Array.isArray(value)) return undefined
  const words = value.flatMap((one) => String(one).split(',')).filter((one) => one !== '')
  return words.filter((one) => one !== '-')
}

/** What an option that can be emptied by `-` sets: absent when it was not given. */
export function emptiable(args: Parsed, names: readonly string[]): Record<string, string | null> {
  const set: Record<string, string | null> = {}
  for (const name of names) {
    const value = textOption(args, name)
    if (value !== undefined) set[name] = value === '-' ? null : value
  }
  return set
}
