import { createReadStream } from 'node:fs'
import { basename, extname } from 'node:path'
import type { AdminClient } from '../admin-client.ts'
import { textOption, type Command, type Context, type ExitCode, type Parsed } from '../command.ts'
import { table } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'
import { hasKnownMeaning, MEANING_OPTIONS, meaningOptions, refusedTerms, View } from './terms.ts'

/** `ecluse documents`: texts whose passages are recognised. */
export const documents: Command = {
  name: 'documents',
  summary: {
    en: 'Register documents whose passages are recognised',
    fr: 'Enregistrer des documents dont les passages sont reconnus',
  },
  usage: 'register FILE... [--id ID] | list | remove ID...',
  options: { ...MEANING_OPTIONS, id: { type: 'string' } },
  details: {
    en: 'Files are texts in UTF-8, twenty words at least; of a text only fingerprints are kept. The id is the name of the file unless told. --class (confidential unless told), --category, --owner.',
    fr: "Les fichiers sont des textes en UTF-8, d'au moins vingt mots ; d'un texte, seules des empreintes sont gardées. L'identifiant est le nom du fichier, sauf indication. --class (confidential par défaut), --category, --owner.",
  },
  async run(args, context) {
    const [verb = 'list', ...names] = args.positionals
    if (verb === 'list' || verb === 'ls') return withAdmin(context, (admin) => list(context, admin))
    const id = textOption(args, 'id')
    const isUsable =
      names.length > 0 && hasKnownMeaning(args) && !(id !== undefined && names.length > 1)
    if (verb === 'register' && isUsable)
      return withAdmin(context, (admin) => register(names, args, context, admin))
    if ((verb === 'remove' || verb === 'rm') && names.length > 0)
      return withAdmin(context, (admin) => remove(names, context, admin))
    context.terminal.note(`ecluse documents ${documents.usage}`)
    return 3
  },
}

async function list(context: Context, admin: AdminClient): Promise<ExitCode> {
  const { terminal } = context
  const answer = await admin.request('GET', '/api/terms')
  const read = View.safeParse(answer.body)
  if (!read.success) return refusedTerms(context, answer)
  if (terminal.json) {
    terminal.out(JSON.stringify(read.data.documents))
    return 0
  }
  const head = terminal.say({
    en: 'ID CLASS CATEGORY WORDS OWNER',
    fr: 'ID CLASSE CATÉGORIE MOTS RESPONSABLE',
  })
  const rows = read.data.documents.map((d) => [d.id, d.class, d.category, String(d.words), d.owner])
  for (const line of table(head.split(' '), rows)) terminal.out(line)
  return 0
}

/** A name of a file as an id: `Plan 2027.txt` gives `plan-2027`. */
const idFrom = (path: string): string =>
  basename(path, extname(path))
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-+|-+$/g, '')

async function register(
  files: readonly string[],
  args: Parsed,
  context: Context,
  admin: AdminClient,
): Promise<ExitCode> {
  const { terminal } = context
  let worst: ExitCode = 0
  for (const file of files) {
    const id = textOption(args, 'id') ?? idFrom(file)
    const text = await readText(file, context)
    if (text === null) {
      terminal.note(
        terminal.say({ en: `${file}: not a text in UTF-8`, fr: `${file} : pas un texte en UTF-8` }),
      )
      return 2
    }
    const path = `/api/documents/${encodeURIComponent(id)}`
    const answer = await admin.request('PUT', path, { ...meaningOptions(args), text })
    if (answer.status === 200) {
      if (terminal.json) terminal.out(JSON.stringify({ id, registered: true }))
      else terminal.out(terminal.say({ en: `${id}: registered`, fr: `${id} : enregistré` }))
    } else worst = refusedTerms(context, answer)
    if (worst === 2) return 2
  }
  return worst
}

async function readText(file: string, context: Context): Promise<string | null> {
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of file === '-' ? context.stdin : createReadStream(file))
      pieces.push(typeof piece === 'string' ? Buffer.from(piece) : (piece as Uint8Array)) // a byte stream gives nothing else
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))
  } catch {
    // no such file, no right to read it, or bytes that are no text
    return null
  }
}

async function remove(
  ids: readonly string[],
  context: Context,
  admin: AdminClient,
): Promise<ExitCode> {
  const { terminal } = context
  for (const id of ids) {
    const answer = await admin.request('DELETE', `/api/documents/${encodeURIComponent(id)}`)
    if (answer.status !== 200) return refusedTerms(context, answer)
    if (terminal.json) terminal.out(JSON.stringify({ id, removed: true }))
    else terminal.out(terminal.say({ en: `${id}: removed`, fr: `${id} : supprimé` }))
  }
  return 0
}
