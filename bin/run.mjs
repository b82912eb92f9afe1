// Runs the program in this process, which is a Node new enough for it.
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { words } from './words.mjs'

const QUIET = '--disable-warning=ExperimentalWarning'
const root = dirname(dirname(fileURLToPath(import.meta.url)))

quietExperiments()
// Beside the program and not in the shared temporary folder, where other users could plant code.
enableCompileCache(join(root, '.ecluse', 'compile-cache'))
followLauncher()
for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe)
await run()

async function run() {
  const entry = ['src/main.ts', 'dist/main.js'].map((path) => join(root, path)).find(existsSync)
  if (!entry) {
    process.stderr.write(`ecluse: ${words.programMissing}\n  ${words.programMissingHelp}\n`)
    process.exit(2)
  }
  const code = await attempt(entry)
  await Promise.all([flush(process.stdout), flush(process.stderr)])
  process.exit(code)
}

/** A bug ends with 2, "could not": 1 would be read as an answer, "no". */
async function attempt(entry) {
  try {
    const { main } = await import(pathToFileURL(entry).href)
    return await main(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${error?.stack ?? error}\n`)
    return 2
  }
}

/** The flag on the command line does it in the packaged Node; here it comes too late, and children must get it. */
function quietExperiments() {
  if (process.execArgv.includes(QUIET)) return
  process.execArgv.push(QUIET)
  const { emitWarning } = process
  process.emitWarning = (warning, ...rest) => {
    const type = typeof rest[0] === 'object' ? rest[0]?.type : rest[0]
    if (type !== 'ExperimentalWarning') emitWarning.call(process, warning, ...rest)
  }
}

/** A launcher killed without a chance to forward the signal must not leave a gateway behind. */
function followLauncher() {
  const launcher = Number(process.env.ECLUSE_LAUNCHER_PID)
  delete process.env.ECLUSE_LAUNCHER_PID
  if (!launcher || process.platform === 'win32') return
  setInterval(() => {
    if (process.ppid !== launcher) process.kill(process.pid, 'SIGTERM')
  }, 1_000).unref()
}

// `ecluse … | head` closes our output early; that is the reader's choice and no failure.
function ignoreClosedPipe(error) {
  if (error.code !== 'EPIPE') throw error
}

function flush(stream) {
  return new Promise((resolve) => stream.write('', () => resolve()))
}
