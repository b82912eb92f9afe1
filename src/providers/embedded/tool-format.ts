/** The ways models write a call of a tool. */
export interface ToolFormat {
  readonly kind: 'hermes' | 'mistral' | 'llama'
  /** What a call begins with; null where it begins with its JSON. */
  readonly opens: string | null
  /** What ends it; null: the end of the answer. */
  readonly closes: string | null
  /** Key of the arguments. */
  readonly argumentsKey: 'arguments' | 'parameters'
  /** Control tokens that are part of the syntax, and must not vanish from the text. */
  readonly markers: readonly string[]
}

const HERMES: ToolFormat = {
  kind: 'hermes',
  opens: '<tool_call>',
  closes: '</tool_call>',
  argumentsKey: 'arguments',
  markers: ['<tool_call>', '</tool_call>'],
}
const MISTRAL: ToolFormat = {
  kind: 'mistral',
  opens: '[TOOL_CALLS]',
  closes: null,
  argumentsKey: 'arguments',
  markers: ['[TOOL_CALLS]'],
}
const LLAMA: ToolFormat = {
  kind: 'llama',
  opens: null,
  closes: null,
  argumentsKey: 'parameters',
  markers: ['<|python_tag|>'],
}

/**
 * The format that a chat template teaches, by the words it uses (Hermes and Qwen 2.5, Mistral v3, Llama 3.1); null for
 * one that we cannot read back: XML parameters, names outside of the JSON, or none at all.
 */
export function toolFormatOf(template: string): ToolFormat | null {
  if (template.includes('<tool_call>')) return template.includes('<function=') ? null : HERMES
  if (template.includes('[TOOL_CALLS]')) return template.includes('[ARGS]') ? null : MISTRAL
  const isLlama = template.includes('ipython') && template.includes('"parameters"')
  return isLlama ? LLAMA : null
}
