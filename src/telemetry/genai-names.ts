import type { SurfaceName } from '#protocols/surface.ts'

/**
 * Every name of the OpenTelemetry conventions that leaves here, in one place: the GenAI ones are still in development
 * and move. Source: OpenTelemetry semantic conventions, GenAI, as of semconv 1.44 (unreleased text), HTTP 1.23 stable.
 */
export const NAMES = {
  // spans
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  requestStream: 'gen_ai.request.stream',
  responseModel: 'gen_ai.response.model',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cachedTokens: 'gen_ai.usage.cache_read.input_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  errorType: 'error.type',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  // resource
  serviceName: 'service.name',
  serviceVersion: 'service.version',
  serviceInstance: 'service.instance.id',
  // our own, under our own prefix
  request: 'ecluse.request.id',
  decision: 'ecluse.decision.id',
  policy: 'ecluse.policy.version',
  surface: 'ecluse.surface',
  dataClass: 'ecluse.class',
  undetermined: 'ecluse.undetermined',
  categories: 'ecluse.categories',
  destination: 'ecluse.destination',
  zone: 'ecluse.zone',
  outcome: 'ecluse.outcome',
  stage: 'ecluse.stage',
} as const

/** Metric names; the spans say `cache_creation` where the metrics say `cache_write`. */
export const METRIC_NAMES = {
  operationDuration: 'gen_ai.client.operation.duration',
  timeToFirstChunk: 'gen_ai.client.operation.time_to_first_chunk',
  inputTokens: 'gen_ai.client.inference.usage.input_tokens',
  outputTokens: 'gen_ai.client.inference.usage.output_tokens',
  cachedTokens: 'gen_ai.client.inference.usage.cache_read.input_tokens',
  reasoningTokens: 'gen_ai.client.inference.usage.reasoning.output_tokens',
} as const

/** `gen_ai.operation.name` of each surface; null: the conventions have no name for it, so no GenAI span is made. */
const OPERATIONS: Readonly<Record<SurfaceName, string | null>> = {
  'openai-chat': 'chat',
  'openai-completions': 'text_completion',
  'openai-responses': 'chat',
  'openai-embeddings': 'embeddings',
  'openai-moderations': null,
  'openai-media': null,
  rerank: null,
  'anthropic-messages': 'chat',
  'ollama-chat': 'chat',
  'ollama-generate': 'text_completion',
  'ollama-embed': 'embeddings',
  'gemini-generate': 'generate_content',
}

const operations: ReadonlyMap<string, string | null> = new Map(Object.entries(OPERATIONS))

/** The operation that a surface stands for, or null. */
export const operationOf = (surface: string): string | null => operations.get(surface) ?? null

/** `gen_ai.provider.name` by the host of a destination, for providers that the conventions know. */
const PROVIDERS: readonly (readonly [suffix: string, provider: string])[] = [
  ['openai.azure.com', 'azure.ai.openai'],
  ['ai.azure.com', 'azure.ai.inference'],
  ['openai.com', 'openai'],
  ['anthropic.com', 'anthropic'],
  ['mistral.ai', 'mistral_ai'],
  ['groq.com', 'groq'],
  ['cohere.com', 'cohere'],
  ['cohere.ai', 'cohere'],
  ['deepseek.com', 'deepseek'],
  ['perplexity.ai', 'perplexity'],
  ['x.ai', 'x_ai'],
  ['cloud.ibm.com', 'ibm.watsonx.ai'],
  ['moonshot.ai', 'moonshot_ai'],
  ['moonshot.cn', 'moonshot_ai'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
  ['aiplatform.googleapis.com', 'gcp.vertex_ai'],
  ['amazonaws.com', 'aws.bedrock'],
]

/** Who is asked, as the conventions call it; anyone else goes under the destination's own id, which is configuration. */
export function providerOf(host: string | null, destination: string): string {
  const known = PROVIDERS.find(([suffix]) => host === suffix || host?.endsWith(`.${suffix}`))
  return known?.[1] ?? destination
}

/** Bucket bounds that the conventions give for durations, seconds. */
export const DURATION_SECONDS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
] as const
