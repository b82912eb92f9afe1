import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { leadsOut } from './archive/member-name.ts'
import { Unreadable } from './scan-file.ts'
import type { OpenFile, Tree, TreeEntry } from './tree.ts'

/** Folders of version control: objects of their own format, which no loader reads. */
const SKIPPED = new Set(['.git', '.hg', '.svn'])
const DEEPEST = 64

/** A folder or file of this machine; null when there is nothing at the path. */
export function nodeTree(path: string): Tree | null {
  let root: string
  let isFolder: boolean
  try {
    root = realpathSync(path)
    isFolder = statSync(root).isDirectory()
  } catch {
    return null
  }
  // a single file keeps the name it was asked by: a link in a cache has the extension, its blob has none
  const folder = isFolder ? root : dirname(path)
  return {
    list: () => (isFolder ? walk(root, '', 0, root) : [single(path)]),
    open: (name) => openFile(join(folder, name)),
    sizeOf: (name) => sizeWithin(folder, name),
  }
}

function single(path: string): TreeEntry {
  const found = statSync(path)
  return { kind: found.isFile() ? 'file' : 'special', path: basename(path) }
}

function* walk(root: string, inside: string, depth: number, folder: string): Generator<TreeEntry> {
  let entries
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch {
    yield { kind: 'unreadable', path: inside }
    return
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`
    const full = join(folder, entry.name)
    if (entry.isSymbolicLink()) {
      const found = linked(root, path, full)
      if (found !== null) yield found
    } else if (entry.isFile()) yield { kind: 'file', path }
    else if (!entry.isDirectory()) yield { kind: 'special', path }
    else if (SKIPPED.has(entry.name)) yield { kind: 'folder-skipped', path }
    else if (depth >= DEEPEST) yield { kind: 'unreadable', path }
    else yield* walk(root, path, depth + 1, full)
  }
}

/** A link to a file is judged by what it leads to; folders are not followed, so that there are no circles. */
function linked(root: string, path: string, full: string): TreeEntry | null {
  try {
    const target = realpathSync(full)
    const found = statSync(target)
    const isInside = target === root || target.startsWith(root + sep)
    // a folder inside is visited under its own name
    if (found.isDirectory()) return isInside ? null : { kind: 'folder-link', path }
    if (!found.isFile()) return { kind: 'special', path }
    return { kind: isInside || isCached(root, target) ? 'file' : 'outside', path }
  } catch {
    return { kind: 'dangling', path }
  }
}

/** The cache of huggingface_hub: `snapshots/COMMIT/name` leads to `blobs/DIGEST` of the same model. */
function isCached(root: string, target: string): boolean {
  const parts = root.split(sep)
  const snapshots = parts.lastIndexOf('snapshots')
  if (snapshots < 1) return false
  return dirname(target) === [...parts.slice(0, snapshots), 'blobs'].join(sep)
}

/** Opens a regular file, and nothing that only looks like one. */
export function openFile(path: string): OpenFile | null {
  let descriptor: number
  try {
    // a pipe in the place of the file must not hold us up
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return null
  }
  const before = fstatSync(descriptor)
  if (!before.isFile()) {
    closeSync(descriptor)
    return null
  }
  return {
    source: { size: before.size, read: (offset, length) => readAt(descriptor, offset, length) },
    unchanged() {
      const after = fstatSync(descriptor)
      // the time of change can be set back by nobody, that of writing by anybody
      return (
        after.size === before.size &&
        after.mtimeMs === before.mtimeMs &&
        after.ctimeMs === before.ctimeMs
      )
    },
    close: () => closeSync(descriptor),
  }
}

function readAt(descriptor: number, offset: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(length)
  let have = 0
  while (have < length) {
    let read: number
    try {
      read = readSync(descriptor, bytes, have, length - have, offset + have)
    } catch {
      throw new Unreadable()
    }
    if (read === 0) break
    have += read
  }
  return bytes.subarray(0, have)
}

function sizeWithin(folder: string, name: string): number | null {
  if (leadsOut(name)) return null
  try {
    const target = realpathSync(join(folder, name))
    const found = statSync(target)
    const isInside = relative(folder, target).split(sep)[0] !== '..'
    const isLink = lstatSync(join(folder, name)).isSymbolicLink()
    return found.isFile() && (isInside || (isLink && isCached(folder, target))) ? found.size : null
  } catch {
    return null
  }
}
