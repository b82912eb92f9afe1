import { z } from 'zod'
import { isOwnZone, type Destination } from '#kernel/destination.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { LoadedAdapter } from '#models/vulnerabilities/view.ts'
import { credentialHeaders } from '../credential-headers.ts'
import { DEFAULT_TIMEOUTS, openLine, type Line } from '../net.ts'
import { listedAdapters, loadedAdapters } from './adapters.ts'

/** What a server says it is. */
export interface ReportedEngine {
  /** Id in the table of products. */
  readonly product: string
  /** Null: it does not say. */
  readonly version: string | null
  /** What is loaded beside its models; absent where it says nothing of any. */
  readonly adapters?: readonly LoadedAdapter[]
}

/** For each question; all are asked at once. */
const TIMEOUT_MS: Milliseconds = 2_000
const MAX_BYTES = 256 * 1024

/** One answer of a server. */
interface Answer {
  /** What it holds as JSON; undefined when it is none, is not a yes, or is too long. */
  readonly json: unknown
  /** A header that several servers set on every answer; null: not there. */
  readonly litellm: string | null
}

type Ask = (path: string) => Promise<Answer>

const NOTHING: Answer = { json: undefined, litellm: null }

/** Questions to one server, each asked once, however many kinds of engine would like to know. */
const asked = (line: Line, headers: Readonly<Record<string, string>>): Ask => {
  const answers = new Map<string, Promise<Answer>>()
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
): Promise<Answer> {
  try {
    const answer = await pool.request({
      method: 'GET',
      path,
      headers: { accept: 'application/json', ...headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const told = answer.headers['x-litellm-version']
    const litellm = typeof told === 'string' ? told : null
    const text = await bounded(answer.body)
    const json = text === null || answer.statusCode !== 200 ? undefined : parsed(text)
    return { json, litellm }
  } catch {
    return NOTHING
  }
}

/** Null: longer than anybody needs to say what they are. */
async function bounded(body: AsyncIterable<unknown>): Promise<string | null> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body) {
    if (!(piece instanceof Uint8Array)) return null
    size += piece.length
    if (size > MAX_BYTES) return null
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
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
/** Embedding servers tell what kind of model they run, and no limit on tokens that they would write. */
const TeiInfo = z.object({
  model_id: z.string(),
  model_type: z.looseObject({}),
  max_client_batch_size: z.number(),
  version: Word,
})
/** `v4.9.0 (3f1d2c…)`: the version, and the commit it was built from. */
const LocalAi = z.object({
  version: z
    .string()
    .max(200)
    .transform((text) => Word.parse(text.split(' ')[0]))
    .nullable()
    .catch(null),
  endpoints: z.looseObject({}),
})
const LmStudio = z.object({ lmstudio: z.literal(true) })
const OpenApi = z.object({ info: z.object({ title: z.string(), version: Word }) })

/** Each kind of engine by what only it answers; the first that is recognised. */
const KINDS: readonly ((ask: Ask) => Promise<ReportedEngine | null>)[] = [
  async (ask) => {
    const [version, tags] = [
      Version.safeParse((await ask('/api/version')).json),
      Tags.safeParse((await ask('/api/tags')).json),
    ]
    return version.success && tags.success
      ? { product: 'ollama', version: version.data.version }
      : null
  },
  async (ask) => {
    const props = Props.safeParse((await ask('/props')).json)
    const owners = Owners.safeParse((await ask('/v1/models')).json)
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
    const { json } = await ask('/info')
    const tgi = TgiInfo.safeParse(json)
    if (tgi.success) return { product: 'tgi', version: tgi.data.version }
    const tei = TeiInfo.safeParse(json)
    return tei.success ? { product: 'tei', version: tei.data.version } : null
  },
  async (ask) => {
    const told = LocalAi.safeParse((await ask('/.well-known/localai.json')).json)
    return told.success ? { product: 'localai', version: told.data.version } : null
  },
  async (ask) => {
    // it tells nobody its version
    const greeting = LmStudio.safeParse((await ask('/lmstudio-greeting')).json)
    return greeting.success ? { product: 'lm-studio', version: null } : null
  },
  async (ask) => {
    const lists = await Promise.all(['/models', '/v1/models'].map((path) => ask(path)))
    const isInfinity = lists.some(({ json }) => {
      const owners = Owners.safeParse(json)
      return owners.success && owners.data.data.every((one) => one.owned_by === 'infinity')
    })
    if (!isInfinity) return null
    const told = OpenApi.safeParse((await ask('/openapi.json')).json)
    const isOwn = told.success && /infinity/i.test(told.data.info.title)
    return { product: 'infinity', version: isOwn ? told.data.info.version : null }
  },
  async (ask) => {
    const metadata = TritonMetadata.safeParse((await ask('/v2')).json)
    return metadata.success ? { product: 'triton', version: metadata.data.version } : null
  },
  async (ask) => {
    const { json, litellm } = await ask('/health/readiness')
    const ready = LiteLlm.safeParse(json)
    if (ready.success) return { product: 'litellm', version: ready.data.litellm_version }
    return litellm === null ? null : { product: 'litellm', version: Word.parse(litellm) }
  },
]

/** An engine that names itself as the owner of its models, and tells its version on a path of its own. */
async function owned(
  ask: Ask,
  product: string,
  path: string,
  shape: z.ZodType<{ readonly version: string | null }>,
): Promise<ReportedEngine | null> {
  const owners = Owners.safeParse((await ask('/v1/models')).json)
  if (!owners.success || !owners.data.data.every((one) => one.owned_by === product)) return null
  const told = shape.safeParse((await ask(path)).json)
  return told.success ? { product, version: told.data.version } : null
}

async function adaptersOf(product: string, ask: Ask): Promise<readonly LoadedAdapter[]> {
  if (product === 'llama.cpp') return loadedAdapters((await ask('/lora-adapters')).json)
  return product === 'vllm' || product === 'sglang'
    ? listedAdapters((await ask('/v1/models')).json)
    : []
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
    const engine = found.find((one) => one !== null) ?? null
    const adapters = engine === null ? [] : await adaptersOf(engine.product, ask)
    return engine === null || adapters.length === 0 ? engine : { ...engine, adapters }
  } finally {
    await line.pool.destroy()
  }
}
