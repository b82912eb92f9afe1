import { spawn } from 'node:child_process'
import { clearTimeout, setTimeout } from 'node:timers'

/** What a program is given beside its words. */
export interface ProgramSurroundings {
  /** Where it puts what it has begun; the folder of the system when absent. */
  readonly temporary?: string
  /** Told the last lines that it wrote of its errors, once it has ended. */
  readonly onSaid?: (text: string) => void
}

/** What of its errors is kept, bytes: the last lines say why. */
const SAID_BYTES = 4096
/** How long a program may put its things away before it is ended, milliseconds. */
const TIDY_MS = 5_000

/**
 * Runs a program to its end; null when there is no such program. One that is to stop has ended when this rejects, with all that
 * it started, so that nobody writes any more where somebody tidies up.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  { temporary, onSaid }: ProgramSurroundings = {},
): Promise<number | null> {
  signal.throwIfAborted()
  const place =
    temporary === undefined ? {} : { TMPDIR: temporary, TEMP: temporary, TMP: temporary }
  const hasGroup = process.platform !== 'win32'
  const child = spawn(program, args, {
    env: { ...env, ...place },
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
    // what a wrapper started is ended with it
    detached: hasGroup,
  })
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  let said = Buffer.alloc(0)
  child.stderr.on('data', (piece: Buffer) => {
    said = Buffer.concat([said, piece]).subarray(-SAID_BYTES)
  })
  child.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EACCES') resolve(null)
    else reject(error)
  })
  child.on('close', (code) => resolve(code ?? 1))
  const end = (how: 'SIGINT' | 'SIGKILL'): void => {
    try {
      if (hasGroup && child.pid !== undefined) process.kill(-child.pid, how)
      else child.kill(how)
    } catch {
      // it has just ended
    }
  }
  let last: NodeJS.Timeout | undefined
  const stop = (): void => {
    end('SIGINT')
    last = setTimeout(end, TIDY_MS, 'SIGKILL')
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    const code = await promise
    signal.throwIfAborted()
    onSaid?.(said.toString('utf8'))
    return code
  } finally {
    clearTimeout(last)
    signal.removeEventListener('abort', stop)
  }
}
