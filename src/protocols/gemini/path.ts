import type { GeminiMethod } from './target.ts'

/** The path of a call below a base URL that ends in `/v1beta`; streams are asked for as server-sent events. */
export function geminiPath(upstreamModel: string, method: GeminiMethod): string {
  const named = /^(?:tuned)?models\//i.test(upstreamModel)
    ? upstreamModel
    : `models/${upstreamModel}`
  const path = named.split('/').map(encodeURIComponent).join('/')
  return `/${path}:${method}${method === 'streamGenerateContent' ? '?alt=sse' : ''}`
}
