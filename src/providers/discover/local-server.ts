import { z } from 'zod'
import type { Destination, ServedModel, Zone } from '#kernel/destination.ts'
import type { AskLocal } from './local-json.ts'

/** A kind of model server and how to recognise it beyond doubt on a port. */
export interface LocalServer {
  /** Usual port. */
  readonly port: number
  /** The destination, or undefined when something else answers there, or nothing. */
  probe(ask: AskLocal, port: number): Promise<Destination | undefined>
}

/** A model as a server lists it, before it is given a zone. */
export interface LocalModel {
  /** The name the server knows it by. */
  readonly upstream: string
  /** The name callers use; same by default. */
  readonly name?: string
  /** `device` only with a sign that the weights are on this machine; unknown is `api`. */
  readonly zone: Zone
  readonly contextTokens?: number | undefined
}

/** Tokens of context, as servers give them; anything else is as good as absent. */
export const ContextTokens = z.int().positive().optional().catch(undefined)

/** A list of models in the OpenAI shape; other fields are ignored. */
export const OpenAiModels = <T extends z.ZodRawShape>(model: T) =>
  z.object({ object: z.literal('list'), data: z.array(z.object({ id: z.string(), ...model })) })

/** Names that can stand in a configuration and a header-free log line. */
const isUsableName = (name: string): boolean =>
  /^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u.test(name) && name === name.trim()

const THIS_MACHINE = { zone: 'device', jurisdiction: 'local' } as const
const NOWHERE_KNOWN = { zone: 'api', jurisdiction: 'unknown' } as const

/** A server found on this machine: clearance public until somebody trusts it. */
export function discovered(id: string, port: number, models: readonly LocalModel[]): Destination {
  const served = new Map<string, ServedModel>()
  for (const { upstream, zone, contextTokens, name = upstream } of models) {
    if (!isUsableName(name) || !isUsableName(upstream) || served.has(name)) continue
    served.set(name, {
      name,
      upstream,
      ...(zone === 'device' ? {} : { zone }),
      ...(contextTokens === undefined ? {} : { contextTokens }),
    })
  }
  // what such a server may forward later is not known now: its own zone must not vouch for it
  const place = served.size === 0 ? NOWHERE_KNOWN : THIS_MACHINE
  return {
    id,
    dialect: 'openai',
    address: { kind: 'url', baseUrl: `http://127.0.0.1:${port}/v1` },
    ...place,
    clearance: 'public',
    state: 'discovered',
    origin: 'discovered',
    models: [...served.values()],
  }
}
