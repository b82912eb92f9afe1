import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { PullError, type PullFailure } from './pull-failure.ts'
import type { HttpAnswer, PullPorts } from './pull-ports.ts'
import { writeBounded } from './write-bounded.ts'

/** Attempts that brought nothing new before giving up. */
const FRUITLESS_ATTEMPTS = 3
const MAX_REDIRECTS = 5

/** What the place of a URL is told, and what its answers are held to; where it redirects gets and says none of it. */
export interface Access {
  readonly headers: () => Readonly<Record<string, string>>
  /** Why an answer of that place is not taken; null: nothing against it. */
  readonly judge?: (answer: AnswerHead) => PullFailure | null
  /** Whether it is worth asking again after this answer, with other headers. */
  readonly renew?: (answer: AnswerHead, signal: AbortSignal) => Promise<boolean>
}

export type AnswerHead = Pick<HttpAnswer, 'status' | 'headers'>

export interface DownloadTask {
  readonly url: URL
  readonly access?: Access | null
  /** The place that named this address, where no person did. */
  readonly from?: URL
  /** Grows as bytes arrive; what an earlier attempt left is continued. */
  readonly path: string
  /** Size of the whole file where it is known. */
  readonly bytes: number | null
  readonly signal: AbortSignal
  readonly onBytes: (received: number, total: number | null) => void
  /** Called once the server has said how large the file is; a rejection stops the download. */
  readonly onTotal?: (total: number, received: number) => Promise<void>
}

/** Where a URL may be shown: without user, password, query and fragment. */
export const shownUrl = (url: URL): string => `${url.origin}${url.pathname}`

/** HTTPS, or HTTP on this machine. */
export const isSafeUrl = (url: URL): boolean =>
  url.protocol === 'https:' ||
  (url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname))

/** Longest wait that is repeated to a person, seconds. */
const LONGEST_WAIT_S = 86_400

/** A refusal of a place, as its status has it. */
export function refusedBy(source: string, { status, headers }: AnswerHead): PullFailure {
  if (status !== 429) return { code: 'source-refused', detail: { source, status } }
  const after = Number(headers['retry-after'])
  const seconds = Number.isFinite(after) ? Math.min(Math.max(1, after), LONGEST_WAIT_S) : 60
  return { code: 'source-busy', detail: { source, seconds: Math.ceil(seconds) } }
}

/** Downloads a file, continuing after interruptions as long as the server still has the same file. */
export async function download(task: DownloadTask, ports: PullPorts): Promise<void> {
  let fruitless = 0
  for (;;) {
    const before = await sizeOf(task.path)
    try {
      await attempt(task, ports, before)
      return
    } catch (error) {
      if (error instanceof PullError || task.signal.aborted || isDiskError(error)) throw error
      fruitless = (await sizeOf(task.path)) > before ? 0 : fruitless + 1
      if (fruitless >= FRUITLESS_ATTEMPTS) {
        throw new PullError({
          code: 'source-unreachable',
          detail: { source: shownUrl(task.url) },
        })
      }
    }
  }
}

/** Errors of the file system carry the call that failed; those of the network carry other names. */
const isDiskError = (error: unknown): boolean =>
  error instanceof Error &&
  'syscall' in error &&
  ['write', 'open', 'ftruncate', 'fsync'].includes(String(error.syscall))

const sizeOf = async (path: string): Promise<number> =>
  (await stat(path).catch(() => null))?.size ?? 0

async function attempt(task: DownloadTask, ports: PullPorts, have: number): Promise<void> {
  if (task.bytes !== null && have === task.bytes) return
  const validator = have > 0 ? await readValidator(task) : null
  const headers: Record<string, string> =
    validator === null ? {} : { range: `bytes=${have}-`, 'if-range': validator }
  const answer = await getFollowing(task, ports, headers)
  const from = startOf(answer, validator === null ? 0 : have)
  if (from === null) {
    await answer.discard()
    // The file there is shorter than what we hold: it is another one.
    if (answer.status === 416) await rm(task.path, { force: true })
    if (answer.status === 416 || answer.status === 206) throw new Error('range not honoured')
    throw new PullError(refusedBy(shownUrl(task.url), answer))
  }
  await writeFile(validatorPath(task), JSON.stringify(newValidator(task, answer)), { mode: 0o600 })
  const length = Number(answer.headers['content-length'])
  const total = task.bytes ?? (Number.isSafeInteger(length) ? from + length : null)
  if (total !== null) await task.onTotal?.(total, from)
  const written = await writeBounded(answer.body, {
    path: task.path,
    from,
    maxBytes: total,
    source: shownUrl(task.url),
    signal: task.signal,
    onBytes: (received) => task.onBytes(received, total),
  })
  if (total !== null && written < total) throw new Error('the body broke off')
}

/** Byte at which the answer begins: a server that ignores ranges sends the whole file. Null: not an answer we can use. */
function startOf(answer: HttpAnswer, asked: number): number | null {
  if (answer.status === 200) return 0
  if (answer.status !== 206) return null
  const range = /^bytes (\d+)-/.exec(String(answer.headers['content-range']))
  return Number(range?.[1]) === asked ? asked : null
}

async function getFollowing(
  task: DownloadTask,
  ports: PullPorts,
  headers: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
  let { url } = task
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    if (!isSafeUrl(url)) throw new PullError({ code: 'unsafe-address' })
    const access = url.origin === task.url.origin ? task.access : null
    const answer = await asked(url, access ?? null, headers, task, ports)
    const { location } = answer.headers
    if (![301, 302, 303, 307, 308].includes(answer.status) || typeof location !== 'string') {
      return answer
    }
    await answer.discard()
    const next = URL.parse(location, url.href)
    if (next === null) throw new PullError({ code: 'unsafe-address' })
    url = next
  }
  const detail = { source: shownUrl(task.url) }
  throw new PullError({ code: 'too-many-redirects', detail })
}

/** One answer of a place: asked again where it wants other credentials, and held to what it should say. */
async function asked(
  url: URL,
  access: Access | null,
  headers: Readonly<Record<string, string>>,
  { url: first, from, signal }: DownloadTask,
  ports: PullPorts,
): Promise<HttpAnswer> {
  const named = from ?? (url.origin === first.origin ? undefined : first)
  const ask = (): Promise<HttpAnswer> =>
    ports.get(url, { ...access?.headers(), ...headers }, signal, named)
  let answer = await ask()
  if (answer.status === 401 && access?.renew && (await access.renew(answer, signal))) {
    await answer.discard()
    answer = await ask()
  }
  const failure = access?.judge?.(answer) ?? null
  if (failure === null) return answer
  await answer.discard()
  throw new PullError(failure)
}

/** Beside the partial file: what the server called the version that it is part of. */
export const validatorPath = ({ path }: Pick<DownloadTask, 'path'>): string => `${path}.version`

interface Validator {
  readonly url: string
  readonly value: string | null
}

function newValidator(task: DownloadTask, { headers }: HttpAnswer): Validator {
  const { etag } = headers
  const modified = headers['last-modified']
  // Weak tags promise the same meaning, not the same bytes (RFC 9110, 13.1.5).
  const strong = typeof etag === 'string' && !etag.startsWith('W/') ? etag : null
  return {
    url: shownUrl(task.url),
    value: strong ?? (typeof modified === 'string' ? modified : null),
  }
}

async function readValidator(task: DownloadTask): Promise<string | null> {
  try {
    const read: unknown = JSON.parse(await readFile(validatorPath(task), 'utf8'))
    if (typeof read !== 'object' || read === null || !('url' in read) || !('value' in read)) {
      return null
    }
    return read.url === shownUrl(task.url) && typeof read.value === 'string' ? read.value : null
  } catch {
    return null
  }
}
