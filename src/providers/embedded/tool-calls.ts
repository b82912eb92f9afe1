import { isFields } from './tool-definitions.ts'
import type { ToolFormat } from './tool-format.ts'

/** What a model said, taken apart. Arguments are the JSON text of an object. */
export type Said =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: string }

export interface ToolReading {
  readonly format: ToolFormat
  /** Names that may be called; anything else is text. */
  readonly names: ReadonlySet<string>
  /** More than one call may be made. */
  readonly parallel: boolean
}

export interface ToolState {
  /** start: nothing but space so far. text: no call can begin at this point. call: inside of one. */
  readonly mode: 'start' | 'text' | 'call'
  /** Not shown yet: space, the beginning of a mark, or a call. */
  readonly held: string
  readonly calls: number
}

export const TOOL_START: ToolState = { mode: 'start', held: '', calls: 0 }

type Step = readonly [ToolState, readonly Said[]]

const PYTHON_TAG = '<|python_tag|>'

/** Takes the next piece of what a model writes. Pieces may be split anywhere. */
export function stepTools(state: ToolState, piece: string, reading: ToolReading): Step {
  return reading.format.opens === null
    ? stepBare(state, piece)
    : stepMarked(state, piece, reading, reading.format.opens)
}

/** The end of the answer: what was held back is a call, or it is text. */
export function closeTools(state: ToolState, reading: ToolReading): Step {
  const { held } = state
  if (held.trim() === '') return [state, state.calls > 0 ? [] : textOf(held)]
  if (state.mode === 'text') return [state, textOf(held)]
  if (state.mode === 'start' && reading.format.opens !== null) return [state, textOf(held)]
  return finished(state, held, reading)
}

/** JSON from the first character on, or no call at all. */
function stepBare(state: ToolState, piece: string): Step {
  if (state.mode === 'text') return [state, textOf(piece)]
  const held = state.held + piece
  const begun = held.trimStart()
  const mayBeCall = begun === '' || begun.startsWith('{') || sharesStart(begun, PYTHON_TAG)
  return mayBeCall
    ? [{ ...state, mode: begun === '' ? 'start' : 'call', held }, []]
    : [{ ...state, mode: 'text', held: '' }, textOf(held)]
}

const sharesStart = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a)

function stepMarked(state: ToolState, piece: string, reading: ToolReading, opens: string): Step {
  const { closes } = reading.format
  const said: Said[] = []
  let { mode, held, calls } = state
  held += piece
  for (;;) {
    if (mode === 'call') {
      const end = closes === null ? -1 : held.indexOf(closes)
      if (end < 0 || closes === null) return [{ mode, held, calls }, said]
      const [next, found] = finished({ mode, held, calls }, held.slice(0, end), reading)
      said.push(...found)
      held = held.slice(end + closes.length)
      ;({ calls } = next)
      mode = 'start'
      continue
    }
    const start = held.indexOf(opens)
    if (start >= 0) {
      said.push(
        ...(held.slice(0, start).trim() === '' ? [] : textOf(held.slice(0, start).trimEnd())),
      )
      held = held.slice(start + opens.length)
      mode = 'call'
      continue
    }
    const kept = heldBack(held, opens)
    said.push(...textOf(held.slice(0, held.length - kept)))
    return [{ mode: 'start', held: held.slice(held.length - kept), calls }, said]
  }
}

/** Length of the end that may be space before a mark, or a mark not yet whole. */
function heldBack(text: string, opens: string): number {
  let begun = 0
  for (let length = Math.min(opens.length - 1, text.length); length > 0 && begun === 0; length--) {
    if (opens.startsWith(text.slice(text.length - length))) begun = length
  }
  const before = text.slice(0, text.length - begun)
  return text.length - before.trimEnd().length
}

/** Calls that a text is made of; the text itself, mark and all, when it is none. */
function finished(state: ToolState, body: string, reading: ToolReading): Step {
  const found = callsIn(body, reading)
  const done = { mode: 'start', held: '' } as const
  if (found === null) {
    const { opens, closes } = reading.format
    return [{ ...state, ...done }, textOf(`${opens ?? ''}${body}${closes ?? ''}`)]
  }
  const room = reading.parallel ? found.length : Math.max(0, 1 - state.calls)
  const calls = found.slice(0, room)
  return [{ ...state, ...done, calls: state.calls + calls.length }, calls]
}

function callsIn(body: string, { format, names }: ToolReading): readonly Said[] | null {
  const text = body.trim().replace(PYTHON_TAG, '').trim()
  const values = format.kind === 'llama' ? jsonObjects(text) : [parsed(text)].flat()
  const calls = values.map((value) => callOf(value, format, names))
  return calls.length > 0 && calls.every((call) => call !== null) ? calls : null
}

function callOf(value: unknown, format: ToolFormat, names: ReadonlySet<string>): Said | null {
  if (!isFields(value)) return null
  const { name } = value
  const given = value[format.argumentsKey] ?? value['arguments'] ?? value['parameters'] ?? {}
  // some models write the arguments as a string of JSON
  const found = typeof given === 'string' ? parsed(given) : given
  if (typeof name !== 'string' || !names.has(name) || !isFields(found)) return null
  return { kind: 'call', name, arguments: JSON.stringify(found) }
}

/** Objects one after the other, with `;` or space between. */
function jsonObjects(text: string): readonly unknown[] {
  const whole = parsed(text)
  if (whole !== undefined) return [whole]
  return text
    .split(/(?<=\})\s*;?\s*(?=\{"(?:name|type)")/)
    .map((part) => parsed(part.replace(/;\s*$/, '')))
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

const textOf = (text: string): readonly Said[] => (text === '' ? [] : [{ kind: 'text', text }])
