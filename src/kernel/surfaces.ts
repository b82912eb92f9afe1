/** The surfaces by the names that the evidence has of them. */
export const SURFACES = [
  'openai-chat',
  'openai-responses',
  'openai-completions',
  'openai-embeddings',
  'openai-moderations',
  'openai-media',
  'anthropic-messages',
  'gemini-generate',
  'ollama-chat',
  'ollama-generate',
  'ollama-embed',
  'rerank',
] as const
export type SurfaceName = (typeof SURFACES)[number]

/** What a key can be limited to: the surfaces, and the question what a text is. */
export const KEY_SURFACES = [...SURFACES, 'classify'] as const
