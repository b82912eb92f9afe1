import { isOwnZone } from '#kernel/destination.ts'
import type { Label } from '#kernel/label.ts'
import type { AnswerSink } from '#kernel/ports.ts'
import type { Facts, Verdict } from '#kernel/verdict.ts'
import { readEmbeddingsRequest } from '#protocols/openai-embeddings/request.ts'
import { embeddingsSurface } from '#protocols/openai-embeddings/surface.ts'
import { bodyOf, outgoingFor } from './outgoing.ts'
import type { House } from './ports.ts'

/** Largest answer that holds one vector, bytes. */
const ANSWER_BYTES = 1024 * 1024
/** Characters per token, roughly. */
const CHARACTERS_PER_TOKEN = 4

type EmbedHouse = Pick<House, 'gate' | 'ask' | 'clock' | 'now' | 'newId' | 'random' | 'readiness'>

/**
 * The vector of a text from a model in our own zones, and from nowhere else: the text is decided about and leaves by a
 * passage like any other. Null where no such model may see it, or it failed.
 */
export async function embedText(
  house: EmbedHouse,
  model: string,
  text: string,
  { tenant, label }: { readonly tenant: string; readonly label: Label },
  signal: AbortSignal,
): Promise<Float32Array | null> {
  const facts: Facts = {
    tenant,
    label,
    requestedModel: model,
    zones: ['device', 'on-prem'],
    task: 'embeddings',
    surface: 'openai-embeddings',
    inputTokensEstimate: Math.ceil(text.length / CHARACTERS_PER_TOKEN),
  }
  const verdict = house.gate.decide(facts, house.readiness().health)
  const read = readEmbeddingsRequest({ model, input: text })
  if (!read.ok) return null
  return askFor(house, verdict, embeddingsSurface(read.value), signal)
}

async function askFor(
  house: EmbedHouse,
  verdict: Verdict,
  request: ReturnType<typeof embeddingsSurface>,
  signal: AbortSignal,
): Promise<Float32Array | null> {
  const choice = verdict.chosen
  if (!choice || !isOwnZone(choice.zone)) return null
  // a question that would have to be masked has no vector
  const outgoing = outgoingFor({ request, masking: null }, choice)
  if (!outgoing.ok) return null
  const { path, headers, reader } = outgoing.value
  const body = bodyOf(outgoing.value, house.random)
  const passage = house.gate.issue(verdict, choice, body, house.clock())
  if (!passage.ok) return null
  const answer = new Gathered()
  const requestId = house.newId()
  const weights = choice.model.digest
  const options = { path, headers, stream: false, requestId, cacheScope: 'answers', weights }
  await house.ask(passage.value, options, answer, signal)
  const whole = answer.bytes === null ? null : reader.whole(answer.bytes)
  return whole && vectorIn(whole.body)
}

/** A whole answer; null until it came to its end. */
class Gathered implements AnswerSink {
  bytes: Uint8Array | null = null
  #pieces: Uint8Array[] = []
  #length = 0
  #status = 0

  head(status: number): void {
    this.#status = status
  }

  chunk(bytes: Uint8Array): void {
    this.#length += bytes.length
    if (this.#length <= ANSWER_BYTES) this.#pieces.push(bytes)
  }

  end(): void {
    if (this.#status === 200 && this.#length <= ANSWER_BYTES) {
      this.bytes = Buffer.concat(this.#pieces)
    }
  }

  fail(): void {
    this.#pieces = []
  }
}

function vectorIn(body: Uint8Array): Float32Array | null {
  const read: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
  const data = field(read, 'data')
  const vector = field(Array.isArray(data) ? data[0] : null, 'embedding')
  if (!Array.isArray(vector) || vector.length === 0) return null
  return vector.every((value) => typeof value === 'number') ? Float32Array.from(vector) : null
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
