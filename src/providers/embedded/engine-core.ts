import type { Token } from 'node-llama-cpp'
import { err, ok, type Result } from '#kernel/result.ts'
import type { ModelTask } from '#kernel/destination.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { ChatRequest } from './chat-request.ts'
import type { Embedder } from './embedder.ts'
import { generate, type Generated } from './generate.ts'
import type { LoadedModel } from './loaded-model.ts'
import { decidedFor, nameOfPlace, opening, placeOf, type NamedWeights } from './exact-weights.ts'
import { ModelHost } from './model-host.ts'
import { renderPrompt, type TemplateRefusal } from './prompt-template.ts'
import { promptTokens } from './prompt-tokens.ts'
import { Speed } from './speed.ts'
import type { Said } from './tool-calls.ts'
import { voiceOf } from './voice.ts'

/** A model file that the engine may load. */
export interface StoredModel extends NamedWeights {
  /** Epoch seconds. */
  readonly created: number
  readonly path: string
  /** The files behind that path, which must be what their digests say. */
  readonly files: readonly { readonly path: string; readonly digest: string }[]
  readonly task: ModelTask
}

/** What the engine is given. */
export interface EnginePorts {
  readonly list: () => Promise<readonly StoredModel[]>
  /** The stored model of that name or alias, verified; or why not. */
  readonly find: (name: string) => Promise<Result<StoredModel, Refusal>>
  readonly load: (stored: StoredModel) => Promise<Result<LoadedModel, Refusal>>
  readonly loadEmbedder: (stored: StoredModel) => Promise<Result<Embedder, Refusal>>
  /** Unguessable, lower-case hexadecimal. */
  readonly nonce: () => string
  readonly freshSeed: () => number
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number
}

export interface EngineLimits {
  readonly maxLoaded: number
  /** Requests that may wait for a model or a slot. */
  readonly queueLimit: number
}

export interface ChatTask {
  readonly request: ChatRequest
  /** Digest of the weights that it was decided to ask; null: nobody decided. */
  readonly weights: string | null
  /** Callers of one scope may share what is already computed. */
  readonly scope: string
  readonly signal: AbortSignal
  /** The answer begins: nothing can be refused any more. */
  readonly onStart: () => void
  readonly onSaid: (said: Said) => Promise<void> | void
}

/** One model in memory, as GET /ps tells it. */
export interface ModelStatus {
  readonly name: string
  readonly state: string
  readonly memoryBytes: number | null
  readonly contextTokens: number | null
  readonly loadMs: number | null
  readonly slots: { readonly used: number; readonly total: number }
  readonly waiting: number
  readonly tokensPerSecond: number | null
}

export interface EngineStatus {
  readonly models: readonly ModelStatus[]
  readonly queue: { readonly waiting: number; readonly limit: number }
}

/** Seconds to suggest when nothing was measured yet. */
const RETRY_SECONDS = 2

/** The engine behind its protocol: which model, which slot, in which order. */
export class EngineCore {
  readonly #ports: EnginePorts
  readonly #limits: EngineLimits
  readonly #speed = new Map<string, Speed>()
  readonly host: ModelHost<LoadedModel>
  #waiting = 0

  constructor(ports: EnginePorts, limits: EngineLimits) {
    this.#ports = ports
    this.#limits = limits
    this.host = new ModelHost(limits.maxLoaded, opening(ports.find, ports.load))
  }

  get waiting(): number {
    return this.#waiting
  }

  /** Writes an answer. Rejects with the signal's reason when the caller left. */
  async chat(task: ChatTask): Promise<Result<Generated, Refusal>> {
    const found = await this.#ports.find(task.request.model)
    const stored = found.ok ? decidedFor(found.value, task.weights) : found
    if (!stored.ok) return stored
    if (stored.value.task !== 'chat') return err({ code: 'unsupported-parameter', param: 'model' })
    const place = placeOf(stored.value)
    if (this.#waiting >= this.#limits.queueLimit && !this.#free(place)) {
      return err({ code: 'queue-full', retryAfterSeconds: RETRY_SECONDS })
    }
    let waiting = true
    this.#waiting++
    const started = (): void => {
      if (waiting) this.#waiting--
      waiting = false
    }
    try {
      const used = await this.host.use(place, task.signal)
      if (!used.ok) return used
      try {
        return await this.#answer(used.value, task, started)
      } finally {
        this.host.release(place)
      }
    } finally {
      started()
    }
  }

  async #answer(
    model: LoadedModel,
    task: ChatTask,
    started: () => void,
  ): Promise<Result<Generated, Refusal>> {
    const prompt = this.#prompt(model, task.request)
    if (!prompt.ok) return prompt
    const voice = await voiceOf(model, task.request, task.onSaid)
    if (!voice.ok) return voice
    const slot = await model.slots.take(prompt.value, task.scope, task.signal)
    started()
    try {
      task.onStart()
      const { request, scope, signal } = task
      const { grammar, onText, onEnd } = voice.value
      const generated = await generate(model, {
        request,
        prompt: prompt.value,
        slot,
        grammar,
        scope,
        freshSeed: this.#ports.freshSeed(),
        signal,
        onText,
        now: this.#ports.now,
      })
      await onEnd()
      this.#speedOf(model.name).add(generated.usage.completionTokens, generated.decodeMs)
      return ok(generated)
    } finally {
      model.slots.release(slot)
    }
  }

  #prompt(model: LoadedModel, request: ChatRequest): Result<readonly Token[], Refusal> {
    const nonce = this.#ports.nonce()
    const tools = request.tools?.definitions ?? []
    const usesTools = request.messages.findIndex(
      ({ role, calls }) => role === 'tool' || calls !== undefined,
    )
    if (model.toolFormat === null && tools.length > 0)
      return err({ code: 'unsupported-parameter', param: 'tools' })
    if (model.toolFormat === null && usesTools >= 0)
      return err({ code: 'unsupported-parameter', param: `messages.${usesTools}` })
    const conversation = { messages: request.messages, tools }
    const pieces = renderPrompt(model.template, conversation, model.templateTokens, nonce)
    if (!pieces.ok) return err(refusalOf(pieces.error))
    const tokens = promptTokens(model.vocabulary, pieces.value)
    if (tokens.length >= model.contextTokens) {
      const detail = { tokens: tokens.length, limit: model.contextTokens }
      return err({ code: 'context-too-long', param: 'messages', detail })
    }
    return ok(tokens)
  }

  #free(place: string): boolean {
    const state = this.host.states().find((hosted) => hosted.name === place)
    const slots = state?.model?.slots
    return slots !== undefined && slots.waiting === 0 && slots.used < slots.total
  }

  #speedOf(name: string): Speed {
    const speed = this.#speed.get(name) ?? new Speed()
    this.#speed.set(name, speed)
    return speed
  }

  /** What runs, as GET /ps tells it. */
  status(): EngineStatus {
    return {
      models: this.host.states().map(({ name: place, state, model, waiting }) => ({
        name: nameOfPlace(place),
        state,
        memoryBytes: model?.memoryBytes ?? null,
        contextTokens: model?.contextTokens ?? null,
        loadMs: model === null ? null : Math.round(model.loadMs),
        slots: { used: model?.slots.used ?? 0, total: model?.slots.total ?? 0 },
        waiting: waiting + (model?.slots.waiting ?? 0),
        tokensPerSecond: this.#speed.get(nameOfPlace(place))?.tokensPerSecond ?? null,
      })),
      queue: { waiting: this.#waiting, limit: this.#limits.queueLimit },
    }
  }
}

function refusalOf(refusal: TemplateRefusal): Refusal {
  if (refusal.kind === 'unsafe-key') {
    const expected = 'plain names of properties'
    return { code: 'invalid-value', param: refusal.where, detail: { expected } }
  }
  if (refusal.kind === 'bad-template') {
    const progress = 'its chat template cannot be used'
    return { code: 'model-not-ready', detail: { progress }, retryAfterSeconds: 30 }
  }
  if (refusal.kind === 'refused-by-template') {
    const expected = "a conversation that the model's chat template accepts"
    return { code: 'invalid-value', param: 'messages', detail: { expected } }
  }
  const expected = "a role that the model's chat template knows"
  return { code: 'invalid-value', param: `messages.${refusal.index}.role`, detail: { expected } }
}
