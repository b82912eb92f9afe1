import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { createClassifier } from '#classify/classify.ts'
import { DEFAULT_CLASSES } from '#classify/data/classes.ts'
import type { JsonObject } from '#kernel/canonical-json.ts'
import type { DialectName } from '#kernel/destination.ts'
import { MASK_STYLES, type MaskDuty } from '#kernel/duties.ts'
import type { Result } from '#kernel/result.ts'
import type { Choice } from '#kernel/verdict.ts'
import { readMessagesRequest } from '#protocols/anthropic/request.ts'
import { messagesSurface } from '#protocols/anthropic/surface.ts'
import { readGeminiRequest } from '#protocols/gemini/request.ts'
import { geminiSurface } from '#protocols/gemini/surface.ts'
import { readOllamaEmbed } from '#protocols/ollama/embed-request.ts'
import { ollamaEmbedSurface } from '#protocols/ollama/embed-surface.ts'
import { readOllamaChat } from '#protocols/ollama/request.ts'
import { ollamaChatSurface } from '#protocols/ollama/surface.ts'
import { readChatRequest } from '#protocols/openai-chat/request.ts'
import { chatSurface } from '#protocols/openai-chat/surface.ts'
import { readCompletionsRequest } from '#protocols/openai-completions/request.ts'
import { completionsSurface } from '#protocols/openai-completions/surface.ts'
import { readEmbeddingsRequest } from '#protocols/openai-embeddings/request.ts'
import { embeddingsSurface } from '#protocols/openai-embeddings/surface.ts'
import { readModerationsRequest } from '#protocols/openai-moderations/request.ts'
import { moderationsSurface } from '#protocols/openai-moderations/surface.ts'
import { readResponsesRequest } from '#protocols/openai-responses/request.ts'
import { responsesSurface } from '#protocols/openai-responses/surface.ts'
import { readRerankRequest } from '#protocols/rerank/request.ts'
import { rerankSurface } from '#protocols/rerank/surface.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import { destination } from './house.fixture.ts'
import { RequestMasking } from './masking.ts'

const NAMING = { id: 'x', createdSeconds: 0 }
const said = <T>(result: Result<T, unknown>): T => {
  assert.ok(result.ok)
  return result.value
}

type Make = (texts: readonly string[]) => SurfaceRequest

const last = (texts: readonly string[]): string => texts.at(-1) ?? ''
const turns = (texts: readonly string[]): JsonObject[] =>
  texts.map((content, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content }))
const call = (texts: readonly string[]): JsonObject => ({
  role: 'assistant',
  content: null,
  tool_calls: [
    {
      id: 'c',
      type: 'function',
      function: {
        name: 'look',
        arguments: JSON.stringify({ name: last(texts), in: JSON.stringify({ q: [last(texts)] }) }),
      },
    },
  ],
})

/** Every surface with texts, each body with its texts in more than one place. */
const SURFACES: Readonly<Record<string, Make>> = {
  chat: (texts) => {
    const system = { role: 'system', content: `Tu connais ${last(texts)}` }
    const messages = [system, ...turns(texts), call(texts)]
    const body = { model: 'm', messages, metadata: { note: last(texts) }, user: last(texts) }
    return chatSurface(said(readChatRequest(body)), NAMING)
  },
  anthropic: (texts) => {
    const use = { type: 'tool_use', id: 't', name: 'look', input: { name: last(texts), n: 1 } }
    const result = { type: 'tool_result', tool_use_id: 't', content: last(texts) }
    const messages = [
      ...turns(texts),
      { role: 'assistant', content: [use] },
      { role: 'user', content: [result] },
    ]
    const body = { model: 'm', max_tokens: 9, system: last(texts), messages }
    return messagesSurface(said(readMessagesRequest(body)), 'x', {
      version: '2023-06-01',
      betas: [],
    })
  },
  responses: (texts) => {
    const output = { type: 'function_call_output', call_id: 'c', output: last(texts) }
    const asked = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }
    const body = { model: 'm', instructions: last(texts), input: [...turns(texts), asked, output] }
    return responsesSurface(said(readResponsesRequest(body)), NAMING)
  },
  gemini: (texts) => {
    const contents = texts.map((text) => ({ role: 'user', parts: [{ text }] }))
    const called = { functionCall: { name: 'look', args: { name: last(texts) } } }
    const body = { contents: [...contents, { role: 'model', parts: [called] }] }
    const target = { model: 'm', method: 'generateContent', alt: 'json' } as const
    return geminiSurface(said(readGeminiRequest(target, body)), 'x')
  },
  ollama: (texts) => {
    const asked = { function: { name: 'look', arguments: { name: last(texts) } } }
    const messages = [...turns(texts), { role: 'assistant', content: '', tool_calls: [asked] }]
    const timing = { createdSeconds: 0, elapsed: () => 0 }
    return ollamaChatSurface(said(readOllamaChat({ model: 'm', messages })), timing)
  },
  completions: (texts) =>
    completionsSurface(
      said(readCompletionsRequest({ model: 'm', prompt: texts.join('\n') })),
      NAMING,
    ),
  embeddings: (texts) =>
    embeddingsSurface(said(readEmbeddingsRequest({ model: 'm', input: [...texts] }))),
  'ollama-embed': (texts) =>
    ollamaEmbedSurface(said(readOllamaEmbed({ model: 'm', input: [...texts] })), () => 0),
  moderations: (texts) =>
    moderationsSurface(said(readModerationsRequest({ model: 'm', input: [...texts] }))),
  rerank: (texts) => {
    const body = { model: 'm', query: last(texts), documents: [...texts, { text: last(texts) }] }
    return rerankSurface(said(readRerankRequest(body)), NAMING)
  },
}

/** Values that detectors know, and how a sentence says them. */
const VALUES = [
  'Jean Dupont',
  'Claire Martin',
  'Hélène Lefèvre',
  'jean.dupont@corp.fr',
  'c.martin+achats@corp.example.fr',
  '06 12 34 56 78',
  'FR76 3000 6000 0112 3456 7890 189',
  '4539 1488 0343 6467',
] as const
const sentence = fc
  .tuple(
    fc.constantFrom(...VALUES),
    fc.constantFrom(...VALUES),
    fc.constantFrom('', '\n', '"', ' \\ ', '👍 ', '[PERSON_BCDFG] ', '{"a": "b"} ', 'é'),
  )
  .map(([a, b, odd]) => `Je m'appelle Jean Dupont. ${odd}Contacte Monsieur ${a}, puis : ${b}.`)

const classify = createClassifier()
const digest = (tenant: string, place: string) => (text: string) =>
  createHmac('sha256', `${tenant} ${place}`).update(text).digest()

const CONVERSATIONS = Number(process.env['MASKING_CONVERSATIONS'] ?? 25)

for (const [name, make] of Object.entries(SURFACES)) {
  test(`${name}: no masked value is among the bytes that leave, and what comes back has them all`, async () => {
    let maskedOnes = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(sentence, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(...MASK_STYLES),
        fc.constantFrom<DialectName>('openai', 'anthropic', 'ollama', 'gemini'),
        async (texts, style, dialect) => {
          const request = make(texts)
          const parts = request.textParts()
          const classified = classify(parts, { floor: 'public' })
          const duty: MaskDuty = {
            types: [],
            categories: ['personal', 'finance'],
            zones: ['managed'],
            style,
            tools: [],
          }
          const masking = new RequestMasking(
            { table: () => DEFAULT_CLASSES, digest },
            { tenant: 't', request, parts, classified },
          )
          const duties = { mask: [duty] } as never // the rest of the duties is not looked at
          const [facts] = await masking.facts(duties, (masked) =>
            classify(masked, { floor: 'public' }),
          )
          assert.ok(facts)
          // what cannot be masked does not leave at all
          if (!facts.label) return
          maskedOnes += 1
          const place = destination('cloud', { dialect })
          const choice: Choice = {
            destination: place,
            model: { name: 'm', upstream: 'm' },
            zone: 'managed',
            costEuro: null,
            tokensPerSecond: null,
            masked: { duty, label: facts.label },
          }
          const masked = masking.forChoice(choice)
          assert.ok(masked?.filter)
          const outgoing = masked.request.forDestination(dialect, choice.model, [], masked.filter)
          if (outgoing.ok) {
            const bytes = JSON.stringify(outgoing.value.body)
            for (const value of VALUES) {
              for (const form of [value, JSON.stringify(value).slice(1, -1), value.toUpperCase()])
                assert.ok(!bytes.includes(form), `${form} in ${bytes}`)
            }
          }
          const shown = masked.request.textParts()
          for (const [i, part] of parts.entries()) {
            if (part.kind !== 'text' || part.text.trimStart().startsWith('{')) continue
            const again = masking.forChoice(choice)?.filter
            const pieces = (shown[i]?.text ?? '').split('')
            const out = pieces.flatMap((text) => again?.step([{ kind: 'text', text }]).events ?? [])
            out.push(...(again?.end().events ?? []))
            const back = out.map((event) => (event.kind === 'text' ? event.text : '')).join('')
            assert.equal(back, part.text)
          }
        },
      ),
      { numRuns: CONVERSATIONS },
    )
    assert.ok(maskedOnes > CONVERSATIONS / 2)
  })
}

test('ten thousand values are masked and restored', () => {
  const text = Array.from({ length: 10_000 }, (_, i) => `person${i}@corp.fr`).join(', ')
  const request = chatSurface(
    said(readChatRequest({ model: 'm', messages: [{ role: 'user', content: text }] })),
    NAMING,
  )
  const parts = request.textParts()
  const classified = classify(parts, { floor: 'public' })
  const duty = { types: ['EMAIL_ADDRESS'], categories: [], zones: ['api'], tools: [] } as const
  const masking = new RequestMasking(
    { table: () => DEFAULT_CLASSES, digest },
    { tenant: 't', request, parts, classified },
  )
  const place = destination('cloud')
  const masked = masking.forChoice({
    destination: place,
    model: { name: 'm', upstream: 'm' },
    zone: 'api',
    costEuro: null,
    tokensPerSecond: null,
    masked: {
      duty: { ...duty, style: 'placeholder' },
      label: { class: 'public', categories: [], undetermined: false },
    },
  })
  assert.equal(masked?.values, 10_000)
  const [shown] = masked.request.textParts()
  const names = shown?.text.split(', ') ?? []
  assert.equal(new Set(names).size, 10_000)
  // so many that some have had to be longer
  assert.ok(names.some((one) => one.length > '[EMAIL_BCDFG]'.length))
  const { events = [] } = masked.filter?.step([{ kind: 'text', text: shown?.text ?? '' }]) ?? {}
  const rest = masked.filter?.end().events ?? []
  const back = [...events, ...rest].map((event) => (event.kind === 'text' ? event.text : ''))
  assert.equal(back.join(''), text)
})
