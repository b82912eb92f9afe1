import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import { Agent, fetch as undiciFetch, request } from 'undici'
import { EngineProcess, type EngineProcessOptions, type EngineState } from './engine-process.ts'

/** For tests: a real engine process on a socket of its own. */
export async function startEngine(options: Partial<EngineProcessOptions> & { modelsDir: string }) {
  const home = await mkdtemp(join(tmpdir(), 'ecluse-engine-'))
  const socketPath = join(home, 'e.sock')
  const states: EngineState[] = []
  const engine = new EngineProcess({
    socketPath,
    contextTokens: 1024,
    threads: 1,
    delayMs: () => 0,
    ...options,
    onState: (state) => {
      states.push(state)
      options.onState?.(state)
    },
  })
  await engine.start()
  const agent = new Agent({ connect: { socketPath }, bodyTimeout: 0, headersTimeout: 0 })
  const openai = new OpenAI({
    apiKey: 'none',
    baseURL: 'http://engine/v1',
    maxRetries: 0,
    fetch: ((url: string, init: object) =>
      undiciFetch(url, { ...init, dispatcher: agent })) as unknown as typeof globalThis.fetch,
  })
  const call = async (path: string, body?: unknown, signal?: AbortSignal) => {
    const answer = await request(`http://engine${path}`, {
      dispatcher: agent,
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
    const text = await answer.body.text()
    return { status: answer.statusCode, headers: answer.headers, text }
  }
  const ps = async () => JSON.parse((await call('/ps')).text) as EngineStatus
  /** Waits for a condition of GET /ps. */
  const until = async (holds: (status: EngineStatus) => boolean): Promise<EngineStatus> => {
    for (let asked = 0; asked < 5000; asked++) {
      const status = await ps()
      if (holds(status)) return status
    }
    throw new Error(`never held: ${JSON.stringify(await ps())}`)
  }
  const stop = async (): Promise<void> => {
    await agent.destroy()
    await engine.stop()
    await rm(home, { recursive: true, force: true })
  }
  return { engine, openai, call, ps, until, states, socketPath, agent, stop }
}

export interface EngineStatus {
  readonly models: readonly {
    readonly name: string
    readonly state: string
    readonly slots: { readonly used: number; readonly total: number }
    readonly tokensPerSecond: number | null
  }[]
  readonly queue: { readonly waiting: number; readonly limit: number }
  readonly process: { readonly pid: number; readonly residentBytes: number }
}
