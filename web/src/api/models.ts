import * as z from 'zod/mini'
import type { Http } from './http.ts'

const ModelList = z.object({ data: z.array(z.object({ id: z.string() })) })

/** The policy picks among every model that may see the text. */
export const AUTO = 'auto'

/** Names that can be asked for, `auto` first. */
export async function models(http: Http, signal: AbortSignal): Promise<readonly string[]> {
  const { data } = await http.json({ path: '/v1/models', signal }, ModelList)
  return [...new Set([AUTO, ...data.map(({ id }) => id)])]
}
