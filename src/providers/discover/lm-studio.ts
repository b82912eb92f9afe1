import { z } from 'zod'
import { ContextTokens, discovered, OpenAiModels } from './local-server.ts'
import type { LocalModel, LocalServer } from './local-server.ts'

/** Its own list: with the format of the weights, which only models on this machine have (others that imitate it say `api`). */
const OwnModels = OpenAiModels({
  type: z.string(),
  state: z.string(),
  compatibility_type: z.string().optional().catch(undefined),
  max_context_length: ContextTokens,
  // what it was loaded with may be less than what it can do
  loaded_context_length: ContextTokens,
})

const OpenAiList = OpenAiModels({ owned_by: z.literal('organization_owner') })

const isWeightsFormat = (format: string | undefined): boolean =>
  format === 'gguf' || format === 'mlx' || format === 'safetensors'

/** LM Studio: its own list of models, or an OpenAI list owned by `organization_owner` from versions without one. */
export const lmStudio: LocalServer = {
  port: 1234,
  async probe(ask, port) {
    const [own, list] = await Promise.all([
      ask(port, '/api/v0/models', OwnModels),
      ask(port, '/v1/models', OpenAiList),
    ])
    if (own) {
      const models = own.data
        .filter(({ type }) => type === 'llm' || type === 'vlm')
        .map((model): LocalModel => ({
          upstream: model.id,
          zone: isWeightsFormat(model.compatibility_type) ? 'device' : 'api',
          contextTokens: model.loaded_context_length ?? model.max_context_length,
        }))
      return discovered('lm-studio', port, models)
    }
    if (!list || list.data.length === 0) return undefined
    // this list does not say where the weights are
    const models = list.data
      .filter(({ id }) => !/embed/i.test(id))
      .map(({ id }): LocalModel => ({ upstream: id, zone: 'api' }))
    return discovered('lm-studio', port, models)
  },
}
