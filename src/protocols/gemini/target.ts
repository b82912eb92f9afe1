import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'

export type GeminiMethod = 'generateContent' | 'streamGenerateContent' | 'countTokens'

/** What the path and the query of a call say. */
export interface GeminiTarget {
  readonly model: string
  readonly method: GeminiMethod
  /** `sse`: frames as they come. `json`: one JSON document. */
  readonly alt: 'sse' | 'json'
}

const METHODS: readonly GeminiMethod[] = ['generateContent', 'streamGenerateContent', 'countTokens']

/** Methods of the API that this surface does not have. */
const OTHER_METHODS: ReadonlySet<string> = new Set(
  'embedContent batchEmbedContents asyncBatchEmbedContent batchGenerateContent generateAnswer predict predictLongRunning'.split(
    ' ',
  ),
)

/** Query parameters that say nothing about the answer; the key is read where the caller is known. */
const IGNORED: ReadonlySet<string> = new Set(['key', 'prettyPrint', '$prettyPrint', 'quotaUser'])

/** Whether this path belongs to the API: all of `/v1beta/`, and calls under `/v1/`, which newer clients use. */
export const isGeminiPath = (path: string): boolean =>
  path.startsWith('/v1beta/') || /^\/v1\/models\/.+:(?:\w*Contents?|countTokens)$/.test(path)

/** Reads `{model}:{method}`, cut at the last colon because model names may hold colons and slashes. */
export function readTarget(path: string, query: unknown): Result<GeminiTarget, Refusal> {
  const colon = path.lastIndexOf(':')
  const called = colon === -1 ? '' : path.slice(colon + 1)
  const model = path.slice(0, Math.max(colon, 0))
  if (OTHER_METHODS.has(called)) return err({ code: 'unsupported-parameter', param: called })
  const method = METHODS.find((known) => known === called)
  if (!method || model === '') return err({ code: 'not-found' })
  const alt = readAlt(query)
  return alt.ok ? ok({ model, method, alt: alt.value }) : alt
}

function readAlt(query: unknown): Result<'sse' | 'json', Refusal> {
  let alt: 'sse' | 'json' = 'json'
  for (const [name, value] of Object.entries(query ?? {})) {
    if (IGNORED.has(name)) continue
    // an unknown name is text of the caller, so it is not repeated
    if (name !== 'alt' && name !== '$alt')
      return err({ code: 'unsupported-parameter', param: 'query' })
    if (value !== 'sse' && value !== 'json') {
      return err({ code: 'invalid-value', param: 'alt', detail: { expected: 'sse or json' } })
    }
    alt = value
  }
  return ok(alt)
}
