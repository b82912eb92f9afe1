import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { constants, setPriority } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode } from '../bin/find-node.mjs'
import { ensureInstalled } from '../bin/install.mjs'
import { takeLock } from '../bin/lock.mjs'
import { runNpm } from '../bin/npm.mjs'

const LIMIT_MS = 10 * 60_000
const STAMP = '.ecluse-stamp'
// What the build reads; development servers and tools beside it do not change the page.
const INPUTS = /^(src|public)[/\\]|^[^/\\]+\.(html|json|ts)$/

/**
 * Builds the web page into web/dist when its sources changed since the last build, and returns 'fresh' or 'built'.
 * The finished page replaces the old one by a rename, so a server never shows half of one. `onStatus` gets a line per step.
 * @throws Error with npm's last words when the build fails; the old page stays.
 */
export async function ensureWebBuilt({ root, onStatus }) {
  const web = join(root, 'web')
  const target = join(web, 'dist')
  if (isFresh(web, target)) return 'fresh'
  mkdirSync(join(root, '.ecluse'), { recursive: true })
  const release = await takeLock(join(root, '.ecluse', 'building-web'), {
    patienceMs: LIMIT_MS,
    onWait: (pid) => onStatus(`web: process ${pid} is building the page; waiting for it`),
  })
  if (!release) throw new Error('another process has been building the page for too long')
  try {
    if (isFresh(web, target)) return 'fresh'
    await install(web, onStatus)
    await build(root, web, target, onStatus)
    return 'built'
  } finally {
    release()
  }
}

const isFresh = (web, target) => readStamp(target) === sourceHash(web)

async function install(web, onStatus) {
  const installed = await ensureInstalled(web, 'runtime', {
    line: (text) => onStatus(`web: ${text}`),
    progress: (_title, elapsedMs) => {
      if (elapsedMs === 0) onStatus('web: installing what the page is built with')
    },
    progressEnd: () => {},
  })
  if (typeof installed === 'object') throw new Error(`${installed.problem} ${installed.help}`)
}

async function build(root, web, target, onStatus) {
  const started = Date.now()
  // Taken before: a file edited during the build makes the next start build again.
  const hash = sourceHash(web)
  const draft = join(root, '.ecluse', `web-${process.pid}`)
  onStatus('web: building the page')
  const { outcome, tail } = await runNpm(
    ['run', 'build', '--', '--outDir', draft, '--emptyOutDir'],
    {
      cwd: web,
      env: withNode(findNode(root)),
      limitMs: LIMIT_MS,
    },
  )
  if (outcome !== 'done' || !existsSync(join(draft, 'index.html'))) {
    rmSync(draft, { recursive: true, force: true })
    throw new Error(`the page could not be built (${outcome}):\n${tail.slice(-2_000)}`)
  }
  writeFileSync(join(draft, STAMP), `${hash}\n`)
  swap(draft, target)
  onStatus(`web: built in ${Math.round((Date.now() - started) / 1000)} s`)
}

/** Two renames: a folder that is not empty cannot be replaced in one. */
function swap(draft, target) {
  const old = `${draft}.old`
  if (existsSync(target)) renameSync(target, old)
  renameSync(draft, target)
  rmSync(old, { recursive: true, force: true })
}

/** npm and the tools it starts find `node` on PATH: it must be the one that can run them. */
function withNode(node) {
  if (!node) throw new Error('Node 24 is needed to build the page')
  return { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` }
}

function sourceHash(web) {
  const hash = createHash('sha256')
  for (const path of inputs(web)) {
    const bytes = readFileSync(join(web, path))
    hash.update(`${path}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

function inputs(web) {
  const top = readdirSync(web, { withFileTypes: true })
  const folders = top.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const files = top.filter((entry) => entry.isFile()).map(({ name }) => name)
  for (const folder of folders.filter((name) => INPUTS.test(`${name}/`))) {
    for (const entry of readdirSync(join(web, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile())
        files.push(join(entry.parentPath ?? entry.path, entry.name).slice(web.length + 1))
    }
  }
  return files.filter((path) => INPUTS.test(path) && !/\.test\.tsx?$/.test(path)).toSorted()
}

function readStamp(target) {
  try {
    return readFileSync(join(target, STAMP), 'utf8').trim()
  } catch {
    return null
  }
}

/** A build that a gateway started ends with it, even when that was killed. */
function endWithParent() {
  if (!process.channel) return
  process.once('disconnect', () => process.exit(2))
  process.channel.unref()
}

/** A page can wait; the requests of a running gateway cannot. */
function yieldToOthers() {
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Some systems forbid it; the build only competes more.
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  yieldToOthers()
  endWithParent()
  try {
    const state = await ensureWebBuilt({ root, onStatus: (line) => console.log(line) })
    console.log(`web: ${state}`)
  } catch (error) {
    console.error(`web: ${error.message}`)
    process.exitCode = 2
  }
}
