import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A program that runs while the bench needs it. */
export interface Program {
  readonly pid: number
  readonly child: ChildProcess
  stop(): Promise<void>
}

const KILL_AFTER_MS = 5_000

/** Starts a program and waits until it answers on its port. @throws Error when it ends before. */
export async function start(
  command: string,
  args: readonly string[],
  settings: { readonly port: number; readonly env?: Readonly<Record<string, string>> },
): Promise<Program> {
  const child = spawn(command, args, {
    env: { ...process.env, ...settings.env, BENCH_PORT: String(settings.port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // interrupted or not, the bench leaves nothing running
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  let printed = ''
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8')
    output.on('data', (text: string) => (printed = (printed + text).slice(-4_000)))
  }
  await answers(settings.port, child, () => printed)
  return {
    pid: child.pid ?? 0,
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      const kill = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
      await ended
      clearTimeout(kill)
    },
  }
}

async function answers(port: number, child: ChildProcess, printed: () => string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended:\n${printed()}`)
    if (await accepts(port)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${child.spawnfile} does not answer:\n${printed()}`)
}

async function accepts(port: number): Promise<boolean> {
  const { connect } = await import('node:net')
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** A port of the loopback address that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
