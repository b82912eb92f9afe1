import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { PageFile, PageFiles } from '#gateway/ports.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

export interface Page {
  readonly files: () => PageFiles
  /** Ends a build under way. */
  stop(): void
}

/** The web page: read from `web/dist`, and in a clone built first, once the API already answers. */
export function openPage(root: string, environment: Readonly<Record<string, string>>): Page {
  const folder = join(root, 'web', 'dist')
  const script = join(root, 'scripts', 'build-web.mjs')
  let page: PageFiles = readPage(folder)
  if (!existsSync(script)) return { files: () => page, stop: () => {} }
  if (page.state !== 'ready') page = { state: 'building' }
  // the channel tells the build when this process is gone, however it went
  const build = spawn(process.execPath, [script], {
    env: environment,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const finish = (): void => {
    page = readPage(folder)
  }
  build.once('exit', finish)
  build.once('error', finish)
  return { files: () => page, stop: () => build.kill() }
}

function readPage(folder: string): PageFiles {
  if (!existsSync(join(folder, 'index.html'))) return { state: 'absent' }
  const files = new Map<string, PageFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const url = `/${path.slice(folder.length + 1).replaceAll('\\', '/')}`
    const type = TYPES[extname(entry.name)] ?? 'application/octet-stream'
    files.set(url, { bytes: readFileSync(path), type, immutable: url.startsWith('/assets/') })
  }
  return { state: 'ready', files }
}
