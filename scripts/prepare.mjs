import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode } from '../bin/find-node.mjs'
import { ensureInstalled } from '../bin/install.mjs'
import { speaker } from '../bin/say.mjs'
import { words } from '../bin/words.mjs'

/** The folder of the clone. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Installs everything development needs in each folder, and returns the path of a Node 24; tells why and exits with 2 where it cannot. */
export async function prepare(folders = [root]) {
  const say = speaker()
  for (const folder of folders) {
    const installed = await ensureInstalled(folder, 'all', say)
    if (typeof installed === 'object') stop(installed.problem, installed.help)
  }
  return findNode(root) ?? stop(words.nodeMissing(process.versions.node), words.nodeMissingHelp)
}

function stop(problem, help) {
  process.stderr.write(`${problem}\n${help}\n`)
  process.exit(2)
}
