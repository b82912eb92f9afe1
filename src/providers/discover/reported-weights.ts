import { z } from 'zod'
import type { Destination } from '#kernel/destination.ts'
import { credentialHeaders } from '../credential-headers.ts'
import { DEFAULT_TIMEOUTS, openLine, type Line } from '../net.ts'

/** Digests that a server says it runs, SHA-256 in hexadecimal, by the name it knows a model by. */
export type ReportedWeights = ReadonlyMap<string, string>

const TIMEOUT_MS = 5_000
const MAX_BYTES = 4 * 1024 * 1024
/** Models looked at one by one on a server that must be asked for each. */
const MOST_MODELS = 500

const Hex = z.string().transform((text) => /(?:^|sha256[:-])([0-9a-f]{64})\b/.exec(text)?.[1])
const Tags = z.object({
  models: z.array(z.object({ name: z.string(), digest: z.string() })).max(MOST_MODELS),
})
const Show = z.object({ modelfile: z.string() })
const Props = z.object({ model_path: z.string() })
const Models = z.object({
  data: z.array(z.object({ id: z.string(), root: z.string().nullish() })).max(MOST_MODELS),
})

/**
 * Asks a server which weights it runs: Ollama tells the digest of its manifest and the blob it is made from; llama.cpp and
 * vLLM tell a path, which names a digest where the file lies in a content-addressed store. Never rejects; what is not said
 * is left out. Null: it did not answer at all.
 */
export async function reportedWeights(
  destination: Destination,
  credential: string | null,
): Promise<ReportedWeights | null> {
  if (destination.address.kind !== 'url') return new Map()
  const line = openLine(destination, DEFAULT_TIMEOUTS)
  const heard = { any: false }
  const ask = asking(line, credentialHeaders(destination, credential), heard)
  try {
    const found = new Map<string, string>()
    for (const [name, digest] of await ofOllama(ask, destination)) found.set(name, digest)
    for (const [name, digest] of await ofPaths(ask, line.basePath, destination))
      if (!found.has(name)) found.set(name, digest)
    return heard.any ? found : null
  } finally {
    await line.pool.destroy()
  }
}

type Ask = <T>(schema: z.ZodType<T>, path: string, body?: unknown) => Promise<T | null>

function asking(
  { pool }: Line,
  headers: Readonly<Record<string, string>>,
  heard: { any: boolean },
): Ask {
  return async (schema, path, body) => {
    try {
      const answer = await pool.request({
        method: body === undefined ? 'GET' : 'POST',
        path,
        headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      heard.any = true
      const pieces: Uint8Array[] = []
      let bytes = 0
      for await (const piece of answer.body) {
        if (!(piece instanceof Uint8Array) || (bytes += piece.length) > MAX_BYTES) return null
        pieces.push(piece)
      }
      const text = Buffer.concat(pieces).toString('utf8')
      const read = answer.statusCode === 200 ? schema.safeParse(JSON.parse(text)) : null
      return read?.success === true ? read.data : null
    } catch {
      return null
    }
  }
}

/** The blob that a model is made from says more than its manifest, which also holds a licence and a template. */
async function ofOllama(ask: Ask, { models }: Destination): Promise<ReportedWeights> {
  const tags = await ask(Tags, '/api/tags')
  const found = new Map<string, string>()
  for (const { name, digest } of tags?.models ?? []) {
    const served = models.find(({ upstream }) => upstream === name || `${upstream}:latest` === name)
    const manifest = Hex.parse(digest)
    if (served === undefined || manifest === undefined) continue
    const shown = await ask(Show, '/api/show', { model: name })
    // the first such line is the server's; later ones may stand in a licence or a prompt, which whoever made it wrote
    const line = /^FROM .*$/m.exec(shown?.modelfile ?? '')?.[0] ?? ''
    const from = /[/\\]sha256[-:]([0-9a-f]{64})\s*$/.exec(line)?.[1]
    found.set(served.upstream, from ?? manifest)
  }
  return found
}

async function ofPaths(
  ask: Ask,
  basePath: string,
  { models }: Destination,
): Promise<ReportedWeights> {
  const found = new Map<string, string>()
  const props = await ask(Props, '/props')
  const [only, ...others] = models
  const loaded = props === null ? undefined : Hex.parse(props.model_path)
  if (only !== undefined && others.length === 0 && loaded !== undefined)
    found.set(only.upstream, loaded)
  const listed = await ask(Models, `${basePath}/models`)
  for (const { id, root } of listed?.data ?? []) {
    const digest = Hex.parse(root ?? '')
    if (digest !== undefined && models.some(({ upstream }) => upstream === id))
      found.set(id, digest)
  }
  return found
}
