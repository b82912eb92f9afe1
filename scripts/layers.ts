// `node scripts/layers.ts`: the boundaries between rooms, checked on what is written.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, sep } from 'node:path'
import { violations, type SourceFile } from './layer-check.ts'

const root = join(import.meta.dirname, '..')

const files = ['src', join('web', 'src')].flatMap(filesIn)
const found = violations(files)
for (const violation of found) console.log(violation)
console.log(`${files.length} files, ${found.length} violations`)
process.exitCode = found.length === 0 ? 0 : 1

function filesIn(folder: string): readonly SourceFile[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|jsx?|md)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      path: path.slice(root.length + 1).replaceAll(sep, '/'),
      text: readFileSync(path, 'utf8'),
    }))
}
