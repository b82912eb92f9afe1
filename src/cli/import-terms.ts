import { createReadStream } from 'node:fs'
import { z } from 'zod'
import { OWN_PROBLEM_WORDS, type OwnProblem } from '#classify/own-terms/problem-words.ts'
import { err, type Result } from '#kernel/result.ts'
import { adminProblem, type AdminAnswer, type AdminClient } from './admin-client.ts'
import type { Context, ExitCode } from './command.ts'
import { readColumn, readList, type Cell, type TableProblem } from './csv.ts'
import type { Said } from './terminal.ts'

/** What goes to one list: terms from the command line, or a file of them. */
export interface Import {
  readonly id: string
  readonly cells?: readonly Cell[]
  readonly file?: { readonly path: string; readonly column: string | undefined }
  /** Meaning and match, where they were given. */
  readonly options: Readonly<Record<string, string>>
  /** What the number of a refused one counts. */
  readonly place: Said
}

const Refused = z.array(z.object({ index: z.number(), code: z.string() }))
const Answer = z.object({ added: z.number(), known: z.number(), refused: Refused })
const Lists = z.object({
  lists: z.array(
    z.object({
      id: z.string(),
      owner: z.string(),
      class: z.string(),
      category: z.string(),
      match: z.string(),
    }),
  ),
})

/** Terms and units of one request: a long list goes in parts. */
const MOST_TERMS = 200_000
const MOST_UNITS = 3_000_000
/** A file that large is no list of terms. Bytes. */
const LARGEST_FILE = 512 * 1024 * 1024
const SHOWN = 10

/** Makes the list where it is new, then adds the terms part by part; tells how many, and which lines were refused, never a term. */
export async function importTerms(
  { id, cells, file, options, place }: Import,
  context: Context,
  admin: AdminClient,
): Promise<ExitCode> {
  const { terminal } = context
  const read = file === undefined ? null : await readFile(file, context)
  if (read !== null && !read.ok) {
    terminal.note(terminal.say(describe(read.error)))
    return 2
  }
  const all = read?.ok === true ? read.value : (cells ?? [])
  const path = `/api/terms/lists/${encodeURIComponent(id)}`
  const put = await putList(id, path, options, admin)
  if (put.status !== 200) return refused(context, put)
  const total = { added: 0, known: 0, refused: [] as { line: number; code: string }[] }
  for (const part of partsOf(all)) {
    const answer = await admin.request('POST', `${path}/terms`, {
      terms: part.map(({ text }) => text),
    })
    const told = Answer.safeParse(answer.body)
    if (!told.success) return refused(context, answer)
    total.added += told.data.added
    total.known += told.data.known
    for (const { index, code } of told.data.refused)
      total.refused.push({ line: part[index]?.line ?? 0, code })
    terminal.status(`${total.added + total.known + total.refused.length} / ${all.length}`)
  }
  terminal.status(null)
  if (terminal.json) terminal.out(JSON.stringify({ id, ...total }))
  else tell(id, total, place, context)
  return total.refused.length > 0 ? 1 : 0
}

/** An existing list keeps what it means but for what was given now. */
async function putList(
  id: string,
  path: string,
  options: Readonly<Record<string, string>>,
  admin: AdminClient,
): Promise<AdminAnswer> {
  const view = await admin.request('GET', '/api/terms')
  const lists = Lists.safeParse(view.body)
  if (!lists.success) return view
  const known = lists.data.lists.find((list) => list.id === id)
  const { id: _id, ...before } = known ?? { id }
  const isSame = Object.entries(options).every(([name, value]) =>
    Object.entries(before).some(([key, now]) => key === name && now === value),
  )
  return known !== undefined && isSame
    ? view
    : admin.request('PUT', path, { ...before, ...options })
}

async function readFile(
  { path, column }: NonNullable<Import['file']>,
  context: Context,
): Promise<Result<readonly Cell[], TableProblem | { readonly code: 'unreadable' }>> {
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const piece of path === '-' ? context.stdin : createReadStream(path)) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : (piece as Uint8Array) // a byte stream gives nothing else
      size += bytes.length
      if (size > LARGEST_FILE) return err({ code: 'unreadable' })
      pieces.push(bytes)
    }
  } catch {
    return err({ code: 'unreadable' })
  }
  const isTable = column !== undefined || /\.(?:csv|tsv)$/i.test(path)
  const bytes = Buffer.concat(pieces)
  return isTable ? readColumn(bytes, column) : readList(bytes)
}

function* partsOf(cells: readonly Cell[]): Generator<readonly Cell[]> {
  let part: Cell[] = []
  let units = 0
  for (const cell of cells) {
    if (part.length >= MOST_TERMS || units + cell.text.length > MOST_UNITS) {
      yield part
      part = []
      units = 0
    }
    part.push(cell)
    units += cell.text.length + 4
  }
  if (part.length > 0) yield part
}

interface Total {
  readonly added: number
  readonly known: number
  readonly refused: readonly { readonly line: number; readonly code: string }[]
}

function tell(id: string, total: Total, place: Said, { terminal }: Context): void {
  terminal.out(
    terminal.say({
      en: `${id}: ${total.added} added, ${total.known} known already, ${total.refused.length} refused`,
      fr: `${id} : ${total.added} ajoutés, ${total.known} déjà connus, ${total.refused.length} refusés`,
    }),
  )
  for (const { line, code } of total.refused.slice(0, SHOWN)) {
    const words = isProblem(code) ? OWN_PROBLEM_WORDS[code][terminal.language] : code
    const must = terminal.say({ en: 'must be', fr: 'attendu :' })
    terminal.note(`${terminal.say(place)} ${line}: ${must} ${words}`)
  }
}

const isProblem = (code: string): code is OwnProblem => Object.hasOwn(OWN_PROBLEM_WORDS, code)

function refused(context: Context, answer: AdminAnswer): ExitCode {
  context.terminal.note(adminProblem(answer, context.terminal.language))
  return answer.status >= 500 ? 2 : 1
}

function describe(problem: TableProblem | { readonly code: 'unreadable' }): Said {
  if (problem.code === 'unreadable')
    return { en: 'The file cannot be read.', fr: 'Le fichier est illisible.' }
  const words = WORDS[problem.code]
  return { en: `line ${problem.line}: ${words.en}`, fr: `ligne ${problem.line} : ${words.fr}` }
}

const WORDS: Readonly<Record<TableProblem['code'], Said>> = {
  'not-utf8': {
    en: 'neither UTF-8 nor UTF-16; save it again as UTF-8.',
    fr: 'ni UTF-8 ni UTF-16 ; enregistrez-le en UTF-8.',
  },
  'no-such-column': { en: 'no column has that name.', fr: "aucune colonne n'a ce nom." },
  'open-quote': { en: 'a quote is never closed.', fr: "un guillemet n'est jamais fermé." },
  'after-quote': {
    en: 'something follows the closing quote.',
    fr: 'quelque chose suit le guillemet fermant.',
  },
  'cell-too-long': { en: 'a cell is too long.', fr: 'une cellule est trop longue.' },
}
