import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode, isPackaged } from './find-node.mjs'
import { ensureInstalled } from './install.mjs'
import { runUnder } from './run-under.mjs'
import { speaker } from './say.mjs'
import { words } from './words.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = speaker()

process.exitCode = 2
await launch()

/** Installs what is missing (a clone only), then runs the program here or under the packaged Node 24. */
async function launch() {
  if (existsSync(join(root, 'src'))) {
    const installed = await ensureInstalled(root, 'runtime', say)
    if (typeof installed === 'object') return giveUp(installed.problem, installed.help)
  }
  const node = findNode(root)
  if (!node) return giveUp(words.nodeMissing(process.versions.node), nodeHelp())
  if (node === process.execPath) await import('./run.mjs')
  else await runUnder(node, join(root, 'bin', 'run.mjs'), process.argv.slice(2))
}

const nodeHelp = () =>
  isPackaged(process.platform, process.arch) ? words.nodeOmitted : words.nodeMissingHelp

function giveUp(problem, help) {
  say.line(`ecluse: ${problem}`)
  if (help) say.line(`  ${help}`)
}
