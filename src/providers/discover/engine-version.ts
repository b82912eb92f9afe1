import { z } from 'zod'
import { isOwnZone, type Destination } from '#kernel/destination.ts'
import type { Milliseconds } from '#kernel/units.ts'
import { credentialHeaders } from '../credential-headers.ts'
import { DEFAULT_TIMEOUTS, openLine, type Line } from '../net.ts'

/** What a server says it is. */
export interface ReportedEngine {
  /** Id in the table of products. */
  readonly product: string
  /** Null: it does not say. */
  readonly version: string | null
}

/** For each question; all are asked at once. */
const TIMEOUT_MS: Milliseconds = 2_000
const MAX_BYTES = 256 * 1024

/** One answer of a server as JSON, whatever it is; undefined when there is none. */
type Ask = (path: string) => Promise<unknown>

/** Questions to one server, each asked once, however many kinds of engine would like to know. */
const asked = (line: Line, headers: Readonly<Record<string, string>>): Ask => {
  const answers = new Map<string, Promise<unknown>>()
  return (path) => {
    const known = answers.get(path)
    if (known) return known
    const answer = get(line, rootOf(line.basePath) + path, headers)
    answers.set(path, answer)
    return answer
  }
}

/** Where a server's own paths begin, before those of the dialect. */
const rootOf = (basePath: string): string => basePath.replace(/\/(?:v1|v1beta|api|openai\/v1)$/, '')

async function get(
  { pool }: Line,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<unknown> {
  try {
    const answer = await pool.request({
      method: 'GET',
      path,
      headers: { accept: 'application/json', ...headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const pieces: Uint8Array[] = []
    let size = 0
    for await (const piece of answer.body) {
      if (!(piece instanceof Uint8Array)) return undefined
      size += piece.length
      if (size > MAX_BYTES) return undefined
      pieces.push(piece)
    }
    return answer.statusCode === 200
      ? JSON.parse(Buffer.concat(pieces).toString('utf8'))
      : undefined
  } catch {
    return undefined
  }
}

/** A version is a short word: what else stands there is none. */
const Word = z
  .string()
  .regex(/^[0-9A-Za-z][0-9A-Za-z.+_-]{0,99}$/)
  .nullable()
  .catch(null)

const Version = z.object({ version: Word })
const Owners = z.object({
  data: z.array(z.object({ id: z.string(), owned_by: z.string() })).min(1),
})
const Tags = z.object({ models: z.array(z.unknown()) })
const Props = z.object({
  default_generation_settings: z.looseObject({}),
  build_info: Word.optional(),
})
const TgiInfo = z.object({ model_id: z.string(), max_total_tokens: z.number(), version: Word })
const TritonMetadata = z.object({ name: z.literal('triton'), version: Word })
const LiteLlm = z.object({ litellm_version: Word })
const SglangInfo = z.looseObject({ version: Word })

/** Each kind of engine by what only it answers; the first that is recognised. */
const KINDS: readonly ((ask: Ask) => Promise<ReportedEngine | null>)[] = [
  async (ask) => {
    const [version, tags] = [
      Version.safeParse(await ask('/api/version')),
      Tags.safeParse(await ask('/api/tags')),
    ]
    return version.success && tags.success
      ? { product: 'ollama', version: version.data.version }
      : null
  },
  async (ask) => {
    const props = Props.safeParse(await ask('/props'))
    const owners = Owners.safeParse(await ask('/v1/models'))
    if (!props.success || !owners.success) return null
    const isLlamafile = owners.data.data.some(({ id }) => /\.llamafile$/i.test(id))
    // a llamafile holds a llama.cpp of its own, and says which build of that
    const version = isLlamafile ? null : (props.data.build_info ?? null)
    return owners.data.data.every((one) => one.owned_by === 'llamacpp')
      ? { product: isLlamafile ? 'llamafile' : 'llama.cpp', version }
      : null
  },
  async (ask) => owned(ask, 'vllm', '/version', Version),
  async (ask) =>
    (await owned(ask, 'sglang', '/server_info', SglangInfo)) ??
    (await owned(ask, 'sglang', '/get_server_info', SglangInfo)),
  async (ask) => {
    const info = TgiInfo.safeParse(await ask('/info'))
    return info.success ? { product: 'tgi', version: info.data.version } : null
  },
  async (ask) => {
    const metadata = TritonMetadata.safeParse(await ask('/v2'))
    return metadata.success ? { product: 'triton', version: metadata.data.version } : null
  },
  async (ask) => {
    const ready = LiteLlm.safeParse(await ask('/health/readiness'))
    return ready.success ? { product: 'litellm', version: ready.data.litellm_version } : null
  },
]

/** An engine that names itself as the owner of its models, and tells its version on a path of its own. */
async function owned(
  ask: Ask,
  product: string,
  path: string,
  shape: z.ZodType<{ readonly version: string | null }>,
): Promise<ReportedEngine | null> {
  const owners = Owners.safeParse(await ask('/v1/models'))
  if (!owners.success || !owners.data.data.every((one) => one.owned_by === product)) return null
  const told = shape.safeParse(await ask(path))
  return told.success ? { product, version: told.data.version } : null
}

/**
 * Asks a destination of our own which engine runs there, in which version. Null: not recognised, or not asked, because it
 * is somebody else's. Never rejects, follows nothing, and sends no content.
 */
export async function reportedEngine(
  destination: Destination,
  credential: string | null,
): Promise<ReportedEngine | null> {
  if (destination.address.kind !== 'url' || !isOwnZone(destination.zone)) return null
  const line = openLine(destination, DEFAULT_TIMEOUTS)
  try {
    const ask = asked(line, credentialHeaders(destination, credential))
    const found = await Promise.all(KINDS.map((kind) => kind(ask)))
    return found.find((one) => one !== null) ?? null
  } finally {
    await line.pool.destroy()
  }
}
