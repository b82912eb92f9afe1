import { spawn } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import { request } from 'undici'
import type { Clock, NewId } from '#kernel/ports.ts'

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: AsyncIterable<Uint8Array>
  /** Gives the connection up without reading the body. */
  readonly discard: () => Promise<void>
}

/** What a pull needs of the world. */
export interface PullPorts {
  readonly now: Clock
  readonly newId: NewId
  /** Bytes that this process may still write in a directory. */
  readonly freeBytes: (dir: string) => Promise<number>
  /** One GET; redirects are not followed. Rejects when the server cannot be reached or falls silent. */
  readonly get: (
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<HttpAnswer>
  /** Runs a program to its end; null when there is no such program. Its output is not kept. */
  readonly run: (
    program: string,
    args: readonly string[],
    signal: AbortSignal,
  ) => Promise<number | null>
}

/** Silence after which a server counts as gone, milliseconds. */
const SILENCE_MS = 30_000

/** What a package tool needs of the environment: where things are, proxies, its own settings. */
const PASSED_ON =
  /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SystemRoot|TMPDIR|TEMP|TMP|LANG|LC_\w+|PIP_\w+|PYENV_\w+|VIRTUAL_ENV|XDG_\w+|(HTTPS?|NO|ALL)_PROXY|SSL_CERT_\w+|REQUESTS_CA_BUNDLE)$/i

/** The ports of the running machine. */
export const machinePorts = (
  now: Clock,
  newId: NewId,
  environment: Readonly<Record<string, string | undefined>>,
): PullPorts => ({
  now,
  newId,
  freeBytes: async (dir) => {
    const { bavail, bsize } = await statfs(dir)
    return bavail * bsize
  },
  get: async (url, headers, signal) => {
    const answer = await request(url, {
      headers: { ...headers, 'accept-encoding': 'identity', 'user-agent': 'ecluse' },
      signal,
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
    })
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.body,
      discard: () => answer.body.dump({ limit: 64 * 1024 }),
    }
  },
  run: (program, args, signal) =>
    runProgram(
      program,
      args,
      Object.fromEntries(Object.entries(environment).filter(([name]) => PASSED_ON.test(name))),
      signal,
    ),
})

async function runProgram(
  program: string,
  args: readonly string[],
  env: Record<string, string | undefined>,
  signal: AbortSignal,
): Promise<number | null> {
  const child = spawn(program, args, { env, stdio: 'ignore', signal, windowsHide: true })
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EACCES') resolve(null)
    else reject(error)
  })
  child.on('exit', (code) => resolve(code ?? 1))
  return promise
}
