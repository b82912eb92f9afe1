import { z } from 'zod'
import { ContextTokens, discovered, OpenAiModels, type LocalServer } from './local-server.ts'

const Version = z.strictObject({ version: z.string().regex(/^\d+\.\d+/) })

const Models = OpenAiModels({ owned_by: z.literal('vllm'), max_model_len: ContextTokens })

/** vLLM: port 8000 is everybody's, so the version must stand alone and every model be owned by `vllm`. */
export const vllm: LocalServer = {
  port: 8000,
  async probe(ask, port) {
    const [version, models] = await Promise.all([
      ask(port, '/version', Version),
      ask(port, '/v1/models', Models),
    ])
    if (!version || !models || models.data.length === 0) return undefined
    return discovered(
      'vllm',
      port,
      models.data.map((model) => ({
        upstream: model.id,
        zone: 'device',
        contextTokens: model.max_model_len,
      })),
    )
  },
}
