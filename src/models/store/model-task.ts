import type { ModelTask } from '#kernel/destination.ts'

/** Architectures of encoders that turn a text into one vector (llama.cpp src/llama-arch.cpp). */
const ENCODERS: ReadonlySet<string> = new Set([
  'bert',
  'nomic-bert',
  'nomic-bert-moe',
  'jina-bert-v2',
  'jina-bert-v3',
  'modern-bert',
  'neo-bert',
  'eurobert',
  'gemma-embedding',
])

/** What a stored model is for, by what its file says of itself. */
export const taskOfArchitecture = (architecture: string | null): ModelTask =>
  architecture !== null && ENCODERS.has(architecture) ? 'embeddings' : 'chat'
