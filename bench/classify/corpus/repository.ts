import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Row } from '../row.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const CHUNK_UNITS = 2_000

/** What holds identifiers or words of the matter on purpose: examples, cases, the words that detectors look for. */
const ON_PURPOSE =
  /^README\.md$|^docs\/(?:classify|detectors|company-terms|errors)|^src\/classify\/|^bench\/classify|\.test\.ts$|\.fixture\.ts$|golden|initial-words|samples/

/** Documents of this repository, in pieces of about two kilobytes cut at the end of a line. */
export function repositoryRows(): readonly Row[] {
  const files = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...below('docs'), ...below('src')]
  const kept = files.filter((file) => /\.(?:md|ts|json)$/.test(file) && !ON_PURPOSE.test(file))
  return [
    ...kept.flatMap((file) =>
      pieces(file, file.endsWith('.md') ? 'repository-docs' : 'repository-sources'),
    ),
    ...pieces('package-lock.json', 'repository-lockfile'),
  ]
}

const below = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .toSorted()

function pieces(file: string, set: string): readonly Row[] {
  const texts: string[] = []
  let piece = ''
  for (const line of readFileSync(join(ROOT, file), 'utf8').split('\n')) {
    piece += `${line}\n`
    if (piece.length < CHUNK_UNITS) continue
    texts.push(piece)
    piece = ''
  }
  if (piece.trim() !== '') texts.push(piece)
  return texts.map((text, at) => ({
    id: `${set}-${file}-${at}`,
    text,
    spans: [],
    lang: file.endsWith('.md') ? 'en' : 'code',
    set,
    family: 'negatives',
  }))
}
