import type { BigIntStats } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join, resolve, sep } from 'node:path'
import { err, ok, type Result } from '#kernel/result.ts'
import type { SigningProblem } from './problem.ts'

/** A regular file of a model. */
export interface ModelFile {
  /** Relative to the model, `/` between its parts. */
  readonly name: string
  readonly path: string
  readonly bytes: number
}

export interface WalkOptions {
  /** Relative paths that are left out, with all below them. */
  readonly ignored: ReadonlySet<string>
  readonly allowSymlinks: boolean
}

/** What a model is made of, and what of the ignored was there. */
export interface Walked {
  readonly files: readonly ModelFile[]
  readonly left: readonly string[]
}

/** What of given files counts, and what is left out: a path with all below it. */
export function splitIgnored(files: readonly ModelFile[], ignored: ReadonlySet<string>): Walked {
  const isIgnored = ({ name }: ModelFile): boolean =>
    name.split('/').some((_, at, parts) => ignored.has(parts.slice(0, at + 1).join('/')))
  return {
    files: files.filter((one) => !isIgnored(one)),
    left: files.filter(isIgnored).map(({ name }) => name),
  }
}

/** Files and folders of one model at most: no real one has a hundredth of it. */
export const MOST_FILES = 1_000_000

/** Links followed in one model at most: links to folders of links would multiply without end. */
const MOST_LINKS = 10_000

/** Left out of every signature, at the top of the model alone (OpenSSF Model Signing v1.0). */
export const ALWAYS_IGNORED = ['.git', '.gitattributes', '.github', '.gitignore'] as const

export const isAlwaysIgnored = (name: string): boolean => ALWAYS_IGNORED.some((one) => one === name)

/** The name of a model: the last part of its path. */
export const modelNameOf = (path: string): string => basename(resolve(path))

/** Every regular file of a model, which is a folder or one file. The path itself may be a link: it is what was named. */
export async function walkModel(
  path: string,
  options: WalkOptions,
): Promise<Result<Walked, SigningProblem>> {
  const found = await stat(path, { bigint: true }).catch(() => null)
  if (found === null) return err({ code: 'model-missing' })
  const real = await realpath(path)
  if (found.isFile()) {
    const name = modelNameOf(path)
    return ok({ files: [{ name, path: real, bytes: Number(found.size) }], left: [] })
  }
  if (!found.isDirectory()) return err({ code: 'not-a-regular-file', detail: { name: '.' } })
  const walk = new Walk(real, options)
  const problem = await walk.folder(real, '', [real])
  return problem === null ? ok({ files: walk.files, left: walk.left }) : err(problem)
}

/** One walk of a folder, depth first. */
class Walk {
  readonly files: ModelFile[] = []
  readonly left: string[] = []
  readonly #root: string
  readonly #options: WalkOptions
  #entries = 0
  #links = 0

  constructor(root: string, options: WalkOptions) {
    this.#root = root
    this.#options = options
  }

  /** `above`: the real paths of this folder and of those it is in, for cycles. */
  async folder(
    path: string,
    prefix: string,
    above: readonly string[],
  ): Promise<SigningProblem | null> {
    const names = await readNames(path)
    if (names === 'unreadable') return { code: 'unreadable-file', detail: { name: prefix || '.' } }
    if (names === 'not-utf8') return { code: 'name-not-utf8', detail: { name: prefix || '.' } }
    for (const one of names) {
      const name = prefix === '' ? one : `${prefix}/${one}`
      if (this.#options.ignored.has(name)) {
        this.left.push(name)
        continue
      }
      const problem = await this.#entry(join(path, one), name, above)
      if (problem !== null) return problem
    }
    return null
  }

  async #entry(
    path: string,
    name: string,
    above: readonly string[],
  ): Promise<SigningProblem | null> {
    if (++this.#entries > MOST_FILES) {
      return { code: 'too-many-files', detail: { most: MOST_FILES } }
    }
    const found = await lstat(path, { bigint: true }).catch(() => null)
    if (found === null) return { code: 'changed-while-read', detail: { name } }
    if (found.isSymbolicLink()) return await this.#link(path, name, above)
    return await this.#thing(found, path, name, above)
  }

  async #link(
    path: string,
    name: string,
    above: readonly string[],
  ): Promise<SigningProblem | null> {
    const target = await realpath(path).catch((error: unknown) =>
      error instanceof Error && 'code' in error && error.code === 'ELOOP' ? 'cycle' : null,
    )
    if (target === 'cycle') return { code: 'symlink-cycle', detail: { name } }
    if (target === null || !isWithin(this.#root, target)) {
      return { code: 'symlink-outside', detail: { name } }
    }
    if (!this.#options.allowSymlinks) return { code: 'symlink', detail: { name } }
    if (above.includes(target)) return { code: 'symlink-cycle', detail: { name } }
    if (++this.#links > MOST_LINKS) {
      return { code: 'too-many-files', detail: { most: MOST_LINKS } }
    }
    const found = await stat(path, { bigint: true }).catch(() => null)
    if (found === null) return { code: 'changed-while-read', detail: { name } }
    return await this.#thing(found, target, name, above)
  }

  async #thing(
    found: BigIntStats,
    path: string,
    name: string,
    above: readonly string[],
  ): Promise<SigningProblem | null> {
    if (found.isDirectory()) return await this.folder(path, name, [...above, path])
    if (!found.isFile()) return { code: 'not-a-regular-file', detail: { name } }
    this.files.push({ name, path, bytes: Number(found.size) })
    return null
  }
}

/** Whether a real path is a root or below it. */
export const isWithin = (root: string, path: string): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)

/** The names of a folder; a name that is not UTF-8 could stand for another one. */
async function readNames(path: string): Promise<readonly string[] | 'unreadable' | 'not-utf8'> {
  const raw = await readdir(path, { encoding: 'buffer' }).catch(() => null)
  if (raw === null) return 'unreadable'
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    return raw.map((name) => decoder.decode(name))
  } catch {
    return 'not-utf8'
  }
}
