import { createReadStream } from 'node:fs'
import type { StreamClassifier } from '#classify/stream.ts'
import type { Context, ExitCode } from '../command.ts'
import { labelView } from '../classify/show.ts'

/** One text of any size, in bounded memory: a line of JSON per finding as it is settled, then the label. */
export async function classifyStream(
  path: string | undefined,
  classifier: StreamClassifier,
  { stdin, terminal }: Context,
): Promise<ExitCode> {
  const input = path === undefined || path === '-' ? stdin : createReadStream(path)
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let state = classifier.start
  const take = (text: string, isEnd: boolean): void => {
    const [next, { findings }] = classifier.step(state, text, isEnd)
    state = next
    for (const { start, end, type, confidence } of findings) {
      terminal.out(JSON.stringify({ start, end, type, confidence }))
    }
  }
  try {
    for await (const piece of input) {
      take(piece instanceof Uint8Array ? decoder.decode(piece, { stream: true }) : piece, false)
    }
  } catch {
    terminal.note(
      terminal.say({
        en: `cannot read ${path ?? '-'}`,
        fr: `lecture impossible : ${path ?? '-'}`,
      }),
    )
    return 2
  }
  take(decoder.decode(), true)
  terminal.out(JSON.stringify({ label: labelView(classifier.label(state).label) }))
  return 0
}
