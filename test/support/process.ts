import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

const ROOT = join(import.meta.dirname, '..', '..')

export interface Program {
  readonly child: ChildProcess
  /** Everything printed so far. */
  readonly printed: () => string
  /** Resolves when the text shows up; rejects when the program ends first. */
  readonly until: (pattern: RegExp) => Promise<RegExpMatchArray>
  readonly ended: Promise<number | null>
}

/** The real program as a process of its own, started as a user starts it. */
export function startProgram(
  t: TestContext,
  args: readonly string[],
  env: Record<string, string>,
): Program {
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'run.mjs'), ...args], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: env['ECLUSE_HOME'] ?? '/nonexistent',
      LANG: 'en_GB.UTF-8',
      ...pipSettings(),
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let text = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (piece: string) => {
      text += piece
      for (const look of waiting) look()
    })
  }
  const ended = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null)
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  })
  return {
    child,
    printed: () => text,
    ended,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = text.match(pattern)
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
        void ended.then(() => reject(new Error(`ended before ${pattern}:\n${text}`)))
      }),
  }
}

/** One command to its end. */
export async function runProgram(
  t: TestContext,
  args: readonly string[],
  env: Record<string, string>,
  input?: string,
): Promise<{ code: number | null; text: string }> {
  const program = startProgram(t, args, env)
  // its end comes before the last of what it printed
  const closed = once(program.child, 'close')
  program.child.stdin?.end(input ?? '')
  const code = await program.ended
  await closed
  return { code, text: program.printed() }
}

/** What pip needs to find packages on this machine; the program passes it on too. */
const pipSettings = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^(PIP_|PYENV_|SSL_CERT_)/.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  )
