import { z } from 'zod'
import type { Destination, ServedModel } from '#kernel/destination.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { credentialHeaders } from './credential-headers.ts'
import { DEFAULT_TIMEOUTS, openLine } from './net.ts'

const TIMEOUT_MS = 10_000
const MAX_BYTES = 4 * 1024 * 1024

const ModelList = z.object({ data: z.array(z.object({ id: z.string().min(1).max(200) })) })

/** Asks an OpenAI-compatible destination which models it serves; no content leaves, redirects are not followed. */
export async function listModels(
  destination: Destination,
  credential: string | null,
): Promise<Result<readonly ServedModel[], Refusal>> {
  const { address, id } = destination
  if (address.kind !== 'url') return ok([])
  const detail = { destination: id }
  // the same line as for content: its name is checked, and nothing is followed
  const { pool, basePath } = openLine(destination, DEFAULT_TIMEOUTS)
  try {
    const answer = await pool.request({
      method: 'GET',
      path: `${basePath}/models`,
      headers: { accept: 'application/json', ...credentialHeaders(destination, credential) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await boundedText(answer.body)
    if (answer.statusCode === 401 || answer.statusCode === 403)
      return err({ code: 'destination-credentials', detail })
    const read = ModelList.safeParse(JSON.parse(text))
    if (answer.statusCode !== 200 || !read.success)
      return err({ code: 'destination-malformed', detail })
    return ok(read.data.data.map((model) => ({ name: model.id, upstream: model.id })))
  } catch (error) {
    return err({
      code: error instanceof SyntaxError ? 'destination-malformed' : 'destination-unreachable',
      detail,
    })
  } finally {
    await pool.destroy()
  }
}

async function boundedText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.length
    if (bytes > MAX_BYTES) throw new SyntaxError('too large')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}
