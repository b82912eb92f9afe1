import { z } from 'zod'
import { CLASSES } from '#kernel/label.ts'
import { paintClass } from './paint.ts'
import type { Terminal } from './terminal.ts'

const RequestLine = z.object({
  msg: z.literal('request'),
  time: z.string(),
  route: z.string().nullable(),
  class: z.enum(CLASSES).nullable(),
  destination: z.string().nullable(),
  status: z.number(),
  code: z.string().nullable(),
  ms: z.number(),
})

/** A log line as a person reads it: requests in one short line, everything else as it was written. */
export function logLine(json: string, terminal: Terminal): string {
  const read = RequestLine.safeParse(parsed(json))
  if (!read.success) return json
  const { time, route, class: dataClass, destination, status, code, ms } = read.data
  const where = destination ?? terminal.paint('red', code ?? '-')
  return [
    terminal.paint('dim', time.slice(11, 19)),
    route ?? '-',
    dataClass ? paintClass(terminal, { class: dataClass, undetermined: false }) : '-',
    `-> ${where}`,
    status < 400 ? String(status) : terminal.paint('yellow', String(status)),
    `${Math.round(ms)} ms`,
  ].join('  ')
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}
