import { Template } from '@huggingface/jinja'
import { err, ok, type Result } from '#kernel/result.ts'
import type { ChatMessage } from './chat-messages.ts'

/** A run of the prompt: written by the model's template, or by the caller. */
export interface PromptPiece {
  readonly origin: 'template' | 'content'
  readonly text: string
}

/** ChatML, for files that carry no template of their own. */
export const CHATML =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"

export interface TemplateTokens {
  readonly bos: string
  readonly eos: string
}

/** Why a conversation cannot be put into the template. */
export type TemplateRefusal =
  /** The template itself is broken, or does something we do not know. */
  | { readonly kind: 'bad-template' }
  /** The template refuses this conversation: roles out of order, no system role. */
  | { readonly kind: 'refused-by-template' }
  /** The template would leave this message out without a word. */
  | { readonly kind: 'message-dropped'; readonly index: number }

/** An unusual space on both sides of a placeholder shows whether the template trims contents. */
const PAD = '\u2003'

/**
 * Renders a conversation with placeholders in place of the contents, then splits: only the template's own text may
 * become control tokens. The nonce is unguessable, so no content can pass for a placeholder.
 */
export function renderPrompt(
  template: Template,
  messages: readonly ChatMessage[],
  tokens: TemplateTokens,
  nonce: string,
): Result<readonly PromptPiece[], TemplateRefusal> {
  const mark = `ecluse${nonce}x`
  const rendered = attempt(() =>
    template.render({
      messages: messages.map(({ role }, index) => ({
        role,
        content: `${PAD}${mark}${index}x${PAD}`,
      })),
      add_generation_prompt: true,
      bos_token: tokens.bos,
      eos_token: tokens.eos,
      tools: null,
    }),
  )
  if (rendered === null) return err({ kind: 'refused-by-template' })
  return split(rendered, messages, mark)
}

function split(
  rendered: string,
  messages: readonly ChatMessage[],
  mark: string,
): Result<readonly PromptPiece[], TemplateRefusal> {
  const pieces: PromptPiece[] = []
  const seen = new Set<number>()
  let at = 0
  for (const match of rendered.matchAll(new RegExp(`(${PAD}?)${mark}(\\d+)x(${PAD}?)`, 'gu'))) {
    const index = Number(match[2])
    const message = messages[index]
    if (message === undefined) return err({ kind: 'bad-template' })
    seen.add(index)
    pieces.push({ origin: 'template', text: rendered.slice(at, match.index) })
    const start = match[1] === '' ? message.content.trimStart() : message.content
    pieces.push({ origin: 'content', text: match[3] === '' ? start.trimEnd() : start })
    at = match.index + match[0].length
  }
  pieces.push({ origin: 'template', text: rendered.slice(at) })
  // What is left of a placeholder that the template cut apart.
  const left = pieces.some(
    ({ origin, text }) => origin === 'template' && (text.includes(mark) || text.includes(PAD)),
  )
  if (left) return err({ kind: 'bad-template' })
  const dropped = messages.findIndex((_, index) => !seen.has(index))
  if (dropped >= 0) return err({ kind: 'message-dropped', index: dropped })
  return ok(pieces.filter(({ text }) => text !== ''))
}

/** Compiles a template; null when it is not one. */
export const compileTemplate = (source: string): Template | null =>
  attempt(() => new Template(source))

// Templates are data from a file: whatever they throw means "no".
function attempt<T>(run: () => T): T | null {
  try {
    return run()
  } catch {
    return null
  }
}
