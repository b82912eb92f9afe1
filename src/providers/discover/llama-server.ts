import { z } from 'zod'
import { ContextTokens, discovered, OpenAiModels, type LocalServer } from './local-server.ts'

const Props = z.object({
  default_generation_settings: z.object({ n_ctx: ContextTokens }),
  total_slots: z.int().optional(),
  chat_template: z.string().optional(),
  build_info: z.string().optional(),
})

const Models = OpenAiModels({ owned_by: z.literal('llamacpp') }).extend({
  // a second list, in the same order, which says what each model can do
  models: z
    .array(z.object({ capabilities: z.array(z.string()).optional() }))
    .optional()
    .catch(undefined),
})

/** Embedding models cannot chat. */
const canChat = ({ models, data }: z.infer<typeof Models>, i: number): boolean =>
  models?.length !== data.length || (models[i]?.capabilities?.includes('completion') ?? true)

/** `/models/Qwen3-0.6B-Q8_0.gguf` is served under the last part of its path, without ending. */
const shortName = (id: string): string =>
  (id.split(/[/\\]/).at(-1) ?? id).replace(/\.(?:gguf|llamafile)$/i, '')

interface Ids {
  readonly server: string
  readonly llamafile: string
}

/** llama.cpp's server and llamafile, which is built on it. Properties of their own shape, and models of `llamacpp` only. */
const llamaCpp = (port: number, ids: Ids): LocalServer => ({
  port,
  async probe(ask, port) {
    const [props, models] = await Promise.all([
      ask(port, '/props', Props),
      ask(port, '/v1/models', Models),
    ])
    if (!props || !models || models.data.length === 0) return undefined
    const { total_slots, chat_template, build_info } = props
    if ((total_slots ?? chat_template ?? build_info) === undefined) return undefined
    const contextTokens = props.default_generation_settings.n_ctx
    const chatting = models.data.filter((_, i) => canChat(models, i))
    const served = chatting.map((model) => ({
      upstream: model.id,
      name: isFile(model.id) ? shortName(model.id) : model.id,
      // this server reads its weights itself and forwards to nobody
      zone: 'device' as const,
      contextTokens,
    }))
    const isLlamafile = models.data.some((model) => /\.llamafile$/i.test(model.id))
    return discovered(isLlamafile ? ids.llamafile : ids.server, port, served)
  },
})

const isFile = (id: string): boolean => /\.(?:gguf|llamafile)$/i.test(id)

/** Its present port; ids depend on the port alone, so that trust given to one never passes to another. */
export const llamaServer: LocalServer = llamaCpp(9931, {
  server: 'llama-server',
  llamafile: 'llamafile-9931',
})

/** Its port until 2026, still that of llamafile. */
export const llamaServerBefore2026: LocalServer = llamaCpp(8080, {
  server: 'llama-server-8080',
  llamafile: 'llamafile',
})
