import { z } from 'zod'
import { discovered, type LocalModel, type LocalServer } from './local-server.ts'

const Version = z.strictObject({ version: z.string().min(1) })

const Text = z.string().optional().catch(undefined)

const Tags = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      // a forwarded model keeps its maker's host here, whatever its name
      remote_host: Text,
      remote_model: Text,
      size: z.number().optional().catch(undefined),
      details: z.object({ format: Text, family: Text }).optional().catch(undefined),
      capabilities: z.array(z.string()).optional().catch(undefined),
    }),
  ),
})
type Tag = z.infer<typeof Tags>['models'][number]

/** The smallest weights are some ten megabytes; the record of a forwarded model is some hundred bytes. */
const LEAST_WEIGHTS_BYTES = 1_000_000

/** Ollama can forward models to its own cloud: only weights that lie on this disk count as local. */
const isLocal = ({ name, remote_host, remote_model, size, details }: Tag): boolean =>
  !/[-:]cloud$/i.test(name) &&
  !remote_host &&
  !remote_model &&
  (size ?? 0) >= LEAST_WEIGHTS_BYTES &&
  (details?.format ?? '') !== ''

/** Embedding models cannot chat. */
const canChat = ({ capabilities, details }: Tag): boolean =>
  capabilities === undefined
    ? !/bert/i.test(details?.family ?? '')
    : capabilities.includes('completion')

/** Ollama: a version and a list of tags of its own shape. */
export const ollama: LocalServer = {
  port: 11_434,
  async probe(ask, port) {
    const [version, tags] = await Promise.all([
      ask(port, '/api/version', Version),
      ask(port, '/api/tags', Tags),
    ])
    if (!version || !tags) return undefined
    const models = tags.models
      .filter(canChat)
      .map((tag): LocalModel => ({ upstream: tag.name, zone: isLocal(tag) ? 'device' : 'api' }))
    return discovered('ollama', port, models)
  },
}
