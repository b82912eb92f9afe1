import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { QuotaRow } from '#config/quotas-section.ts'
import { adminProblem, type AdminClient } from './admin-client.ts'
import type { Context, ExitCode } from './command.ts'
import { readQuotaRows, type RowProblem } from './quota-rows.ts'
import { readBytes } from './read-input.ts'

const Answer = z.object({ written: z.number(), unchanged: z.number() })

/** One request takes so many. */
const MOST_AT_ONCE = 1_000
/** A hundred thousand quotas are a fifth of it; bytes. */
const LARGEST_FILE = 64 * 1024 * 1024
const SHOWN = 10

/**
 * Writes all quotas of a file, a thousand at a time. Nothing is sent of a file with a mistake in it; what is in force
 * already is left alone, so that after an interruption the same command goes on where it stopped.
 */
export async function importQuotas(
  path: string,
  context: Context,
  admin: AdminClient,
): Promise<ExitCode> {
  const { terminal } = context
  const bytes = await bytesOf(path, context)
  if (bytes === null) {
    terminal.note(
      terminal.say({
        en: `${path} cannot be read, or is larger than ${LARGEST_FILE / 1024 / 1024} MiB.`,
        fr: `${path} est illisible, ou dépasse ${LARGEST_FILE / 1024 / 1024} Mio.`,
      }),
    )
    return 2
  }
  const read = readQuotaRows(bytes)
  if (!read.ok) return tellProblems(read.error, context)
  const total = { written: 0, unchanged: 0 }
  for (let from = 0; from < read.value.length; from += MOST_AT_ONCE) {
    const quotas: readonly QuotaRow[] = read.value.slice(from, from + MOST_AT_ONCE)
    const answer = await admin.request('POST', '/api/quotas/import', { quotas })
    const told = Answer.safeParse(answer.body)
    if (!told.success) {
      terminal.status(null)
      terminal.note(adminProblem(answer, terminal.language))
      if (total.written > 0) terminal.note(terminal.say(doneSoFar(total.written)))
      return answer.status >= 500 ? 2 : 1
    }
    total.written += told.data.written
    total.unchanged += told.data.unchanged
    terminal.status(`${total.written + total.unchanged} / ${read.value.length}`)
  }
  terminal.status(null)
  if (terminal.json) terminal.out(JSON.stringify(total))
  else {
    const { written, unchanged } = total
    terminal.out(
      terminal.say({
        en: `${written} quotas written, ${unchanged} were in force already.`,
        fr: `${written} quotas écrits, ${unchanged} étaient déjà en vigueur.`,
      }),
    )
  }
  return 0
}

async function bytesOf(path: string, { stdin }: Context): Promise<Uint8Array | null> {
  if (path === '-') return readBytes(stdin, LARGEST_FILE)
  try {
    const bytes = await readFile(path)
    return bytes.length > LARGEST_FILE ? null : bytes
  } catch {
    return null
  }
}

function tellProblems(problems: readonly RowProblem[], { terminal }: Context): ExitCode {
  if (terminal.json) terminal.out(JSON.stringify({ written: 0, unchanged: 0, problems }))
  for (const { line, field, expected } of problems.slice(0, SHOWN)) {
    const [en, fr] = [
      `line ${line}: ${field}: ${expected}`,
      `ligne ${line} : ${field} : ${expected}`,
    ]
    terminal.note(terminal.say({ en, fr }))
  }
  terminal.note(
    terminal.say({
      en: `${problems.length} line(s) with a mistake; nothing was written.`,
      fr: `${problems.length} ligne(s) fautive(s) ; rien n'a été écrit.`,
    }),
  )
  return 1
}

const doneSoFar = (written: number) => ({
  en: `${written} were written before that; the same command goes on from there.`,
  fr: `${written} ont été écrits avant ; la même commande reprend à cet endroit.`,
})
