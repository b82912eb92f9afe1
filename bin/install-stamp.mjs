import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const STAMP = join('node_modules', '.ecluse-ready.json')
const DEPENDENCY_FIELDS = ['dependencies', 'optionalDependencies', 'devDependencies', 'overrides']

/** What the installed tree must match: the lock file, the dependency fields of package.json, and the system. */
export function installKey(root) {
  const manifest = readJson(join(root, 'package.json')) ?? {}
  return createHash('sha256')
    .update(JSON.stringify(DEPENDENCY_FIELDS.map((field) => manifest[field] ?? null)))
    .update(`\n${process.platform}-${process.arch}\n`)
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

/** The mode ('runtime' or 'all') that node_modules holds for this key, or null when it does not match. */
export function installedMode(root, key) {
  const stamp = readJson(join(root, STAMP))
  return stamp?.key === key ? stamp.mode : null
}

/** Notes that node_modules matches `key`; a read-only folder is no error, the check is only repeated. */
export function writeStamp(root, key, mode) {
  try {
    // npm makes no folder when there is nothing to put in it.
    mkdirSync(join(root, 'node_modules'), { recursive: true })
    writeFileSync(join(root, STAMP), `${JSON.stringify({ key, mode })}\n`)
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM'].includes(error.code)) throw error
  }
}

/** 'all' holds everything that 'runtime' needs. */
export const satisfies = (installed, wanted) => installed === 'all' || installed === wanted

/** Whether someone ran `npm ci` or `npm install` by hand and left exactly what the lock file asks for. */
export function isInstalledByHand(root, mode) {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages
  const found = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages
  if (!wanted || !found) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || (entry.dev && mode === 'runtime')) return true
    const have = found[path]
    if (!have) return Boolean(entry.optional || entry.devOptional) && !isForHere(entry)
    if (have.version !== entry.version || have.integrity !== entry.integrity) return false
    return existsSync(join(root, path, 'package.json'))
  })
}

/** npm's own rule for optional packages; those tied to a C library are left to npm. */
function isForHere({ os, cpu, libc }) {
  if (libc && process.platform === 'linux') return false
  return allows(os, process.platform) && allows(cpu, process.arch)
}

function allows(list, value) {
  if (list === undefined) return true
  const names = [list].flat()
  if (names.includes(`!${value}`)) return false
  return names.includes(value) || names.every((name) => name.startsWith('!'))
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}
