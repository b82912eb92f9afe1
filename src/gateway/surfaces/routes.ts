import { isGeminiPath } from '#protocols/gemini/target.ts'
import { anthropicRoutes } from './anthropic.ts'
import { anthropicErrors } from './anthropic-errors.ts'
import { geminiErrors } from './gemini-errors.ts'
import { geminiRoutes } from './gemini.ts'
import { openAiRoutes } from './openai.ts'
import { embeddingsRoutes } from './openai-embeddings.ts'
import { ollamaPrefixes, ollamaRoutes } from './ollama.ts'
import { openAiCompletionsRoutes } from './openai-completions.ts'
import { openAiErrors } from './openai-errors.ts'
import { mediaRoutes } from './openai-media.ts'
import { moderationsRoutes } from './openai-moderations.ts'
import { openAiResponsesRoutes, openAiStoredPrefixes } from './openai-responses.ts'
import { rerankRoutes } from './rerank.ts'
import type { ErrorShape } from './error-shape.ts'
import type { FormRoute, SurfaceRoute } from './surface-route.ts'

/** Every route of the data plane. */
export const surfaceRoutes: readonly SurfaceRoute[] = [
  ...openAiRoutes,
  ...anthropicRoutes,
  ...openAiCompletionsRoutes,
  ...openAiResponsesRoutes,
  ...embeddingsRoutes,
  ...moderationsRoutes,
  ...mediaRoutes,
  ...rerankRoutes,
  ...ollamaRoutes,
  ...geminiRoutes,
]

/** Those that take a form. */
export const formRoutes: readonly FormRoute[] = surfaceRoutes.filter(
  (route) => route.takes === 'form',
)

/** Errors of paths that belong to a surface but to no route of it; the first that fits wins. */
const PREFIXES: readonly (readonly [string, ErrorShape])[] = [
  ...openAiStoredPrefixes,
  ['/v1/messages', anthropicErrors],
  ['/v1/', openAiErrors],
  ...ollamaPrefixes,
]

/** How an error looks at this path; null where the admin API answers. */
export function errorsAt(path: string): ErrorShape | null {
  if (isGeminiPath(path)) return geminiErrors
  const route = surfaceRoutes.find(({ url }) => path === url)
  return route?.errors ?? PREFIXES.find(([prefix]) => path.startsWith(prefix))?.[1] ?? null
}
