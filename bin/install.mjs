import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  installKey,
  installedMode,
  isInstalledByHand,
  satisfies,
  writeStamp,
} from './install-stamp.mjs'
import { takeLock } from './lock.mjs'
import { runNpm } from './npm.mjs'
import { words } from './words.mjs'

const LIMIT_MS = 15 * 60_000
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error']
// npm's own patience is 10 s, then 60 s: without a network that is over a minute of silence.
const PATIENCE = [
  '--fetch-retries=3',
  '--fetch-retry-mintimeout=2000',
  '--fetch-retry-maxtimeout=8000',
]

/**
 * Makes node_modules of `root` match its lock file, by npm, unless it already does.
 * `mode` is 'runtime' (no development tools) or 'all'; `say` tells the person what happens.
 * Returns 'ready' (nothing to do), 'installed', or `{ problem, help }` in the person's language.
 */
export async function ensureInstalled(root, mode, say) {
  const key = installKey(root)
  if (satisfies(installedMode(root, key), mode)) return 'ready'
  if (adopt(root, key, mode)) return 'ready'
  const lock = join(root, '.ecluse', 'installing')
  try {
    mkdirSync(join(root, '.ecluse'), { recursive: true })
    const release = await takeLock(lock, {
      patienceMs: LIMIT_MS,
      onWait: (pid) => say.line(words.installWaits(pid)),
    })
    if (!release) return problem(words.installStuck, words.installStuckHelp(lock))
    try {
      // Whoever held the lock before us may have done the work.
      if (satisfies(installedMode(root, key), mode)) return 'ready'
      return await install(root, key, mode, say)
    } finally {
      release()
    }
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(error.code)) throw error
    return explain('failed', error.code, root)
  }
}

function adopt(root, key, mode) {
  const found = ['all', 'runtime'].find((each) => isInstalledByHand(root, each))
  if (!found || !satisfies(found, mode)) return false
  writeStamp(root, key, found)
  return true
}

async function install(root, key, mode, say) {
  // `npm ci` starts by emptying node_modules; adding the tools must not pull it from under a running server.
  const grows = installedMode(root, key) === 'runtime'
  const command = grows ? ['install', '--no-save'] : ['ci']
  const args = [
    ...command,
    ...(mode === 'runtime' ? ['--omit=dev'] : ['--include=dev']),
    ...QUIET,
    ...PATIENCE,
  ]
  const title = mode === 'runtime' ? words.installRuntime : words.installAll
  const started = Date.now()
  say.progress(title, 0)
  const { outcome, tail } = await runNpm(args, {
    cwd: root,
    limitMs: LIMIT_MS,
    onTick: (elapsedMs) => say.progress(title, elapsedMs),
  })
  say.progressEnd()
  if (outcome !== 'done') return explain(outcome, tail, root)
  writeStamp(root, key, mode)
  say.line(words.installDone(Math.round((Date.now() - started) / 1000)))
  return 'installed'
}

function explain(outcome, tail, root) {
  if (outcome === 'missing') return problem(words.npmMissing, words.npmMissingHelp)
  if (outcome === 'interrupted') return problem(words.interrupted, '')
  if (outcome === 'too-slow') return problem(words.tooSlow(LIMIT_MS / 60_000), words.networkHelp)
  if (/ENOSPC/.test(tail)) return problem(words.disk, words.diskHelp)
  if (/EACCES|EPERM|EROFS/.test(tail)) return problem(words.permission, words.permissionHelp(root))
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET/.test(tail)) {
    return problem(words.network, words.networkHelp)
  }
  const last = tail.split('\n').filter((line) => /^npm (err|ERR)/.test(line) && line.length > 9)
  return problem([words.npmFailed, ...last.slice(0, 6)].join('\n  '), words.npmFailedHelp)
}

const problem = (text, help) => ({ problem: text, help })
