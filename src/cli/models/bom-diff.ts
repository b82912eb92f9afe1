import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { diffBoms, type BomDifference } from '#models/bom/diff-boms.ts'
import { adminProblem, type AdminClient } from '../admin-client.ts'
import { textOption, type Context, type ExitCode, type Parsed } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'
import { BillRow, billLine, STATES } from './bom-row.ts'

/** Largest bill that is read, in characters. */
const LARGEST = 64 * 1024 * 1024

// the shape is that of the route, in this same program
const isRow = (one: unknown): boolean => typeof one === 'object' && one !== null
const Changes = z.array(z.custom<BomDifference>(isRow))
const Diff = z.object({ from: BillRow, to: BillRow.nullable(), changes: Changes.nullable() })
const Then = BillRow.extend({ bom: z.custom<JsonObject>(isRow).nullable() })

/** A day, an instant, the id of a kept bill: everything else is a file. */
const isMoment = (word: string): boolean =>
  /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d))?$/.test(word) ||
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(word)

/** `diff A B`, or `diff --from A [--to B]`: two files, two moments of the history, or one of each. Null: used wrongly. */
export async function diffBills(args: Parsed, context: Context): Promise<ExitCode | null> {
  const [, ...words] = args.positionals
  const from = textOption(args, 'from') ?? words.shift()
  const to = textOption(args, 'to') ?? words.shift()
  if (from === undefined || words.length > 0) return null
  const gateway = textOption(args, 'gateway')
  if (!isMoment(from) || (to !== undefined && !isMoment(to))) {
    if (to === undefined) return null
    return diffDocuments(from, to, gateway, context)
  }
  return withAdmin(context, (admin) => diffMoments({ from, to, gateway }, context, admin))
}

async function diffMoments(
  given: Readonly<Record<'from' | 'to' | 'gateway', string | undefined>>,
  context: Context,
  admin: AdminClient,
): Promise<ExitCode> {
  const { terminal } = context
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, value)
  const answer = await admin.request('GET', `/api/bom/diff?${query.toString()}`)
  const read = Diff.safeParse(answer.body)
  // nothing was compared: that is no difference found
  if (!read.success) {
    terminal.note(adminProblem(answer, terminal.language))
    return 2
  }
  const { from, to, changes } = read.data
  if (changes === null) {
    for (const row of [from, ...(to ? [to] : [])])
      if (row.state !== 'kept')
        terminal.note(`${billLine(row)}: ${terminal.say(STATES[row.state])}`)
    return 2
  }
  if (!terminal.json) {
    const now = terminal.say({ en: 'what runs now', fr: 'ce qui tourne maintenant' })
    terminal.note(`${billLine(from)}  ->  ${to === null ? now : billLine(to)}`)
  }
  return showChanges(changes, terminal)
}

async function diffDocuments(
  from: string,
  to: string,
  gateway: string | undefined,
  context: Context,
): Promise<ExitCode> {
  const read = async (word: string): Promise<JsonObject | null> =>
    isMoment(word) ? keptBill(word, gateway, context) : readBom(word, context)
  const before = await read(from)
  const after = before && (await read(to))
  const changes = diffBoms(before, after)
  return changes === null ? 2 : showChanges(changes, context.terminal)
}

async function keptBill(
  word: string,
  gateway: string | undefined,
  context: Context,
): Promise<JsonObject | null> {
  const { terminal } = context
  const found = { bom: null as JsonObject | null }
  await withAdmin(context, async (admin) => {
    const query = gateway === undefined ? '' : `?gateway=${encodeURIComponent(gateway)}`
    const answer = await admin.request(
      'GET',
      `/api/bom/history/${encodeURIComponent(word)}${query}`,
    )
    const read = Then.safeParse(answer.body)
    if (!read.success) terminal.note(adminProblem(answer, terminal.language))
    else if (read.data.bom === null)
      terminal.note(`${billLine(read.data)}: ${terminal.say(STATES[read.data.state])}`)
    else found.bom = read.data.bom
    return 0
  })
  return found.bom
}

/** A bill from a file; null, and a note, where there is none. */
export async function readBom(file: string, { terminal }: Context): Promise<JsonObject | null> {
  try {
    const text = await readFile(file, 'utf8')
    const value: unknown = text.length > LARGEST ? null : JSON.parse(text)
    if (isBom(value)) return value
  } catch {
    // told below
  }
  terminal.note(
    terminal.say({
      en: `${file}: no bill of materials of CycloneDX in JSON, or it cannot be read.`,
      fr: `${file} : pas une nomenclature CycloneDX en JSON, ou illisible.`,
    }),
  )
  return null
}

const isBom = (value: unknown): value is JsonObject =>
  typeof value === 'object' &&
  value !== null &&
  'bomFormat' in value &&
  value.bomFormat === 'CycloneDX'

const MARKS = { added: '+', removed: '-', changed: '~' } as const
const COLOURS = { added: 'green', removed: 'red', changed: 'yellow' } as const

function showChanges(changes: readonly BomDifference[], terminal: Terminal): ExitCode {
  for (const one of changes) {
    if (terminal.json) terminal.out(JSON.stringify(one))
    else
      terminal.out(
        `${terminal.paint(COLOURS[one.change], MARKS[one.change])} ${one.ref}${wordsOf(one)}`,
      )
  }
  if (changes.length === 0 && !terminal.json)
    terminal.note(terminal.say({ en: 'No difference.', fr: 'Aucune différence.' }))
  return changes.length === 0 ? 0 : 1
}

/** Longest value that is shown in a line. */
const SHOWN = 40

/** What each field was and is; the name alone of those that are no words. */
function wordsOf({ fields, values }: BomDifference): string {
  const told = new Set(values.map(({ name }) => name))
  const named = fields.filter((name) => name !== 'properties' && !told.has(name))
  const shown = values.map(
    ({ name, before, after }) =>
      `${name.replace(/^ecluse:/, '')} ${shortOf(before)} -> ${shortOf(after)}`,
  )
  const all = [...shown, ...named]
  return all.length === 0 ? '' : `  ${all.join('; ')}`
}

const shortOf = (value: string | null): string => {
  if (value === null || value === '') return '-'
  return value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value
}
