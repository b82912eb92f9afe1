import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'

// Enough to hold npm's last words, however much it says.
const TAIL_CHARS = 8_000

/** How to call npm as [program, arguments...]: the npm that called us, the one beside Node, the one on PATH; null if none. */
export function findNpm(env = process.env) {
  const caller = env.npm_execpath
  if (caller && /^npm-cli\.c?js$/.test(basename(caller)) && existsSync(caller)) {
    return [process.execPath, caller]
  }
  const home = dirname(process.execPath)
  const places = [home, join(home, '..', 'lib')]
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (folder) places.push(folder, join(folder, '..', 'lib'))
  }
  for (const place of places) {
    const script = join(place, 'node_modules', 'npm', 'bin', 'npm-cli.js')
    if (existsSync(script)) return [process.execPath, script]
  }
  if (process.platform === 'win32') return null
  const found = (env.PATH ?? '').split(delimiter).find((folder) => existsSync(join(folder, 'npm')))
  return found ? [join(found, 'npm')] : null
}

/**
 * Runs npm quietly in `cwd` and returns `{ outcome, tail }`: outcome is 'done', 'missing', 'too-slow',
 * 'interrupted' or 'failed', tail the last things it said. `onTick(elapsedMs)` is called each second.
 */
export function runNpm(args, { cwd, env = process.env, limitMs, onTick }) {
  const npm = findNpm(env)
  if (!npm) return Promise.resolve({ outcome: 'missing', tail: '' })
  const started = Date.now()
  return new Promise((resolve) => {
    let outcome = 'failed'
    let tail = ''
    const child = spawn(npm[0], [...npm.slice(1), ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const keep = (chunk) => (tail = (tail + chunk).slice(-TAIL_CHARS))
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    const stop = (why) => {
      outcome = why
      child.kill('SIGTERM')
    }
    const interrupt = () => stop('interrupted')
    const limit = setTimeout(() => stop('too-slow'), limitMs)
    const tick = setInterval(() => onTick?.(Date.now() - started), 1_000)
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
    const finish = (result) => {
      clearTimeout(limit)
      clearInterval(tick)
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
      resolve(result)
    }
    child.on('error', () => finish({ outcome: 'missing', tail }))
    child.on('close', (code) => finish({ outcome: code === 0 ? 'done' : outcome, tail }))
  })
}
