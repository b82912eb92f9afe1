import { createReadStream } from 'node:fs'
import { classRank, type DataClass } from '#kernel/label.ts'
import type { ClassifyAnswer } from '#gateway/classify/answer.ts'
import type { Context, ExitCode } from '../command.ts'
import { readLines } from '../read-input.ts'
import type { Input } from './input.ts'
import { labelView } from './show.ts'

export interface LinesQuestion {
  readonly path: string | undefined
  readonly maxClass: DataClass | undefined
  readonly answer: (input: Input) => ClassifyAnswer
}

/** `{"id","text"}` per line in, `{"id","spans","label"}` per line out. */
export async function classifyLines(
  { terminal, stdin }: Pick<Context, 'terminal' | 'stdin'>,
  { path, maxClass, answer }: LinesQuestion,
): Promise<ExitCode> {
  const input = path === undefined || path === '-' ? stdin : createReadStream(path)
  let bad = 0
  let above = 0
  let at = 0
  try {
    for await (const line of readLines(input)) {
      at += 1
      if (line.trim() === '') continue
      const row = readRow(line)
      if (!row) {
        bad += 1
        const said = {
          en: `line ${at}: not {"id","text"}`,
          fr: `ligne ${at} : pas {"id","text"}`,
        }
        terminal.note(terminal.say(said))
        continue
      }
      const { label, findings } = answer({
        parts: [{ path: 'text', text: row.text, kind: 'text' }],
      })
      if (maxClass !== undefined && classRank(label.class) > classRank(maxClass)) above += 1
      const spans = findings.map(({ start, end, type, rule, confidence, quote }) => ({
        start,
        end,
        type,
        rule,
        confidence,
        ...(quote === undefined ? {} : { quote }),
      }))
      terminal.out(JSON.stringify({ id: row.id, spans, label: labelView(label) }))
    }
  } catch {
    const said = {
      en: `cannot read ${path ?? '-'}`,
      fr: `lecture impossible : ${path ?? '-'}`,
    }
    terminal.note(terminal.say(said))
    return 2
  }
  if (above > 0) return 1
  return bad > 0 ? 2 : 0
}

function readRow(line: string): { id: string | number; text: string } | null {
  try {
    const row: unknown = JSON.parse(line)
    if (typeof row !== 'object' || row === null || !('id' in row) || !('text' in row)) return null
    const { id, text } = row
    const isId = typeof id === 'string' || typeof id === 'number'
    return isId && typeof text === 'string' ? { id, text } : null
  } catch {
    return null
  }
}
