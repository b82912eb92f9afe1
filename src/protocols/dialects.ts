import type { DialectName } from '#kernel/destination.ts'
import { anthropicDialect } from './anthropic/dialect.ts'
import type { Dialect } from './dialect.ts'
import { geminiDialect } from './gemini/dialect.ts'
import { ollamaDialect } from './ollama/dialect.ts'
import { openAiDialect } from './openai-chat/dialect.ts'

/** Every dialect that a destination may speak. */
export const dialects: Readonly<Partial<Record<DialectName, Dialect>>> = {
  openai: openAiDialect,
  anthropic: anthropicDialect,
  ollama: ollamaDialect,
  gemini: geminiDialect,
}
