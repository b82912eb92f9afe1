import type { JsonObject } from '#kernel/canonical-json.ts'
import type { AnswerEvent } from '../answer-event.ts'
import { isWholeInput } from './tool-input.ts'
import { frame } from './frame.ts'

/** Writes the content of a streamed answer: one block open at a time, indices without a gap. */
export interface OpenBlocks {
  step(event: AnswerEvent): string
  /** Closes what is open. */
  end(): string
}

type Open =
  | { readonly kind: 'text' | 'thinking' }
  /** A call with all of its arguments so far. */
  | { readonly kind: 'call'; readonly call: number; input: string }

/** A writer of blocks. Pieces of other calls wait until the open call's arguments are whole: no block opens twice. */
export function openBlocks(): OpenBlocks {
  let open: Open | null = null
  let begun = 0
  let waiting: AnswerEvent[] = []
  const start = (block: Open, content: JsonObject): string => {
    const closing = close()
    open = block
    begun += 1
    return (
      closing + frame({ type: 'content_block_start', index: begun - 1, content_block: content })
    )
  }
  const delta = (piece: JsonObject): string =>
    frame({ type: 'content_block_delta', index: begun - 1, delta: piece })
  const close = (): string => {
    if (open === null) return ''
    open = null
    return frame({ type: 'content_block_stop', index: begun - 1 })
  }
  const write = (event: AnswerEvent): string => {
    switch (event.kind) {
      case 'text':
      case 'refusal': {
        const head =
          open?.kind === 'text' ? '' : start({ kind: 'text' }, { type: 'text', text: '' })
        return head + delta({ type: 'text_delta', text: event.text })
      }
      case 'reasoning':
        return thinking() + delta({ type: 'thinking_delta', thinking: event.text })
      case 'reasoning-signature':
        // the signature is the last word of its block
        return thinking() + delta({ type: 'signature_delta', signature: event.signature }) + close()
      case 'tool-call': {
        const { id, name, index } = event
        const head = start(
          { kind: 'call', call: index, input: '' },
          { type: 'tool_use', id, name, input: {} },
        )
        return head + delta({ type: 'input_json_delta', partial_json: '' })
      }
      case 'tool-arguments':
        if (open?.kind !== 'call' || open.call !== event.index) return ''
        open.input += event.piece
        return delta({ type: 'input_json_delta', partial_json: event.piece })
      case 'start':
      case 'finish':
      case 'usage':
        return ''
    }
  }
  const thinking = (): string =>
    open?.kind === 'thinking'
      ? ''
      : start({ kind: 'thinking' }, { type: 'thinking', thinking: '', signature: '' })
  /** Whether this piece has to wait for the rest of another call's arguments. */
  const mustWait = (event: AnswerEvent): boolean =>
    open?.kind === 'call' && !belongsTo(event, open.call) && !isWholeInput(open.input)
  const drain = (isLast: boolean): string => {
    let out = ''
    while (waiting.length > 0) {
      const call = open?.kind === 'call' ? open.call : null
      // pieces of the open call that came meanwhile go first
      const own = call === null ? [] : waiting.filter((event) => belongsTo(event, call))
      const batch = own.length > 0 ? own : waiting.slice(0, 1)
      if (own.length === 0 && !isLast && batch.some(mustWait)) break
      waiting = waiting.filter((event) => !batch.includes(event))
      for (const event of batch) out += write(event)
    }
    return out
  }
  return {
    step(event) {
      if (!isContent(event)) return ''
      if (waiting.length === 0 && !mustWait(event)) return write(event)
      if (open?.kind === 'call' && belongsTo(event, open.call)) return write(event) + drain(false)
      waiting.push(event)
      return ''
    },
    end: () => drain(true) + close(),
  }
}

const belongsTo = (event: AnswerEvent, call: number): boolean =>
  event.kind === 'tool-arguments' && event.index === call

const isContent = ({ kind }: AnswerEvent): boolean =>
  kind !== 'start' && kind !== 'finish' && kind !== 'usage'
