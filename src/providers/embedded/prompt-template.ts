import { createHash } from 'node:crypto'
import { Template } from '@huggingface/jinja'
import { err, ok, type Result } from '#kernel/result.ts'
import type { ChatMessage, PastCall } from './chat-messages.ts'
import { PromptMarks, UnsafeKey } from './prompt-marks.ts'
import type { ToolDefinition } from './tool-definitions.ts'

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

/** What a prompt is made of. */
export interface PromptConversation {
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly ToolDefinition[]
}

/** Why a conversation cannot be put into the template. */
export type TemplateRefusal =
  /** The template itself is broken, or does something we do not know. */
  | { readonly kind: 'bad-template' }
  /** The template refuses this conversation: roles out of order, no system role. */
  | { readonly kind: 'refused-by-template' }
  /** The template would leave this message out without a word. */
  | { readonly kind: 'message-dropped'; readonly index: number }
  /** A name of a property that the model could take for a mark. */
  | { readonly kind: 'unsafe-key'; readonly where: string }

/**
 * Renders a conversation with placeholders in place of the contents, then splits: only the template's own text may
 * become control tokens. The nonce is unguessable, so no content can pass for a placeholder.
 */
export function renderPrompt(
  template: Template,
  { messages, tools }: PromptConversation,
  tokens: TemplateTokens,
  nonce: string,
): Result<readonly PromptPiece[], TemplateRefusal> {
  const marks = new PromptMarks(nonce)
  const shown = shownConversation(marks, messages, tools)
  if (!shown.ok) return shown
  const rendered = attempt(() =>
    template.render({
      messages: shown.value.messages,
      add_generation_prompt: true,
      bos_token: tokens.bos,
      eos_token: tokens.eos,
      tools: shown.value.tools,
    }),
  )
  if (rendered === null) return err({ kind: 'refused-by-template' })
  const split = marks.split(rendered)
  if (split === null) return err({ kind: 'bad-template' })
  const dropped = shown.value.places.findIndex((places) =>
    places.some((place) => !split.seen.has(place)),
  )
  if (dropped >= 0) return err({ kind: 'message-dropped', index: dropped })
  return ok(split.pieces)
}

interface Shown {
  readonly messages: readonly object[]
  readonly tools: readonly unknown[] | null
  /** Placeholders that each message must show. */
  readonly places: readonly (readonly number[])[]
}

function shownConversation(
  marks: PromptMarks,
  messages: readonly ChatMessage[],
  tools: readonly ToolDefinition[],
): Result<Shown, TemplateRefusal> {
  let where = 'messages'
  try {
    const places: (readonly number[])[] = []
    const rendered = messages.map((message, index) => {
      where = `messages.${index}.tool_calls`
      const from = marks.count
      const one = shownMessage(marks, message)
      places.push(Array.from({ length: marks.count - from }, (_, step) => from + step))
      return one
    })
    const shownTools = tools.map((tool, index) => {
      where = `tools.${index}.function.parameters`
      return shownTool(marks, tool)
    })
    // templates ask whether there are tools by asking whether the list is defined
    return ok({ messages: rendered, places, tools: tools.length > 0 ? shownTools : null })
  } catch (thrown) {
    if (thrown instanceof UnsafeKey) return err({ kind: 'unsafe-key', where })
    throw thrown
  }
}

function shownMessage(marks: PromptMarks, message: ChatMessage): object {
  const { role, content, calls, callId } = message
  const isSilent = content === '' && calls !== undefined
  return {
    role,
    content: isSilent ? '' : marks.content(content, role === 'tool'),
    ...(calls === undefined ? {} : { tool_calls: calls.map((call) => shownCall(marks, call)) }),
    ...(callId === undefined ? {} : { tool_call_id: plainId(callId) }),
  }
}

const shownCall = (marks: PromptMarks, call: PastCall): object => ({
  id: plainId(call.id),
  type: 'function',
  function: { name: call.name, arguments: marks.value(call.arguments) },
})

const shownTool = (marks: PromptMarks, tool: ToolDefinition): object => ({
  type: 'function',
  function: {
    name: tool.name,
    description: marks.value(tool.description ?? ''),
    parameters: marks.value(tool.parameters),
  },
})

/** Nine letters and digits: Mistral's template takes no other, and no template shows more than an id. */
const plainId = (id: string): string =>
  /^[a-zA-Z0-9]{9}$/.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 9)

/** Whether a template shows the tools it is given. */
export function showsTools(template: Template, tokens: TemplateTokens): boolean {
  const name = 'probe_of_a_tool'
  const parameters = { type: 'object', properties: {} }
  const tools = [{ name, description: null, parameters, strict: false }]
  const messages: readonly ChatMessage[] = [{ role: 'user', content: 'x' }]
  const rendered = renderPrompt(template, { messages, tools }, tokens, 'probe')
  return rendered.ok && rendered.value.some(({ text }) => text.includes(name))
}

/** No template that people wrote is longer. */
const LONGEST = 256 * 1024
/** The parser's patterns take quadratic time over white space, and no template needs so much of it in one place. */
const TOO_BLANK = /\s{257}/

/** Compiles a template; null when it is not one, or one that would take long. */
export const compileTemplate = (source: string): Template | null =>
  source.length > LONGEST || TOO_BLANK.test(source) ? null : attempt(() => new Template(source))

// Templates are data from a file: whatever they throw means "no".
function attempt<T>(run: () => T): T | null {
  try {
    return run()
  } catch {
    return null
  }
}
