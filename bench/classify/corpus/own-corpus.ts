import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '../../gateway/prose.ts'
import type { Row } from '../row.ts'
import { fill } from './fill.ts'
import type { Random } from './numbers.ts'
import { repositoryRows } from './repository.ts'

/** How often each template is filled. */
const FILLS = 4
const SEED = 20_261_122

interface Template {
  /** The heading it stands under. */
  readonly style: string
  readonly text: string
}

/** Everything that this repository holds or makes to measure itself by; the same in every run. */
export function ownCorpus(): readonly Row[] {
  return [
    ...['fr', 'en'].flatMap(sentences),
    ...secrets(),
    ...labelled(),
    ...['fr', 'en'].flatMap(cleanParagraphs),
    ...repositoryRows(),
  ]
}

/** Identifiers and names in sentences, letters, forms, JSON, tables and logs; a fourth without accents. */
function sentences(lang: string): readonly Row[] {
  const next = random(SEED + (lang.codePointAt(0) ?? 0))
  return templates(`templates.${lang}.txt`).flatMap(({ style, text }, line) =>
    Array.from({ length: FILLS }, (_, at): Row => {
      const filled = fill(text, { next, lang, withoutAccents: at === FILLS - 1 })
      const isLookAlike = filled.spans.length === 0
      const set = isLookAlike ? `look-alikes-${lang}` : `sentences-${lang}`
      const family = isLookAlike ? 'negatives' : 'pii'
      return { id: `${set}-${style}-${line}-${at}`, ...filled, lang, set, family }
    }),
  )
}

function secrets(): readonly Row[] {
  const next = random(SEED)
  return templates('secrets.txt').flatMap(({ style, text }, line) =>
    Array.from({ length: FILLS }, (_, at): Row => {
      const filled = fill(text, { next, lang: 'en', hasSpans: style === 'positive' })
      return {
        id: `secrets-${line}-${at}`,
        ...filled,
        lang: 'code',
        set: 'secrets',
        family: 'secrets',
      }
    }),
  )
}

/** Sentences whose class a person has said; names and numbers in them are made. */
function labelled(): readonly Row[] {
  const next: Random = random(SEED + 1)
  return read('labelled.txt').map((line, at): Row => {
    const [label = '', lang = '', ...words] = line.split(' ')
    const { text } = fill(words.join(' '), { next, lang })
    return {
      id: `labelled-${at}`,
      text,
      spans: [],
      lang,
      label,
      set: `labelled-${lang}`,
      family: 'sensitivity',
    }
  })
}

const cleanParagraphs = (lang: string): readonly Row[] =>
  read(`clean.${lang}.txt`).map((text, at) => ({
    id: `paragraphs-${lang}-${at}`,
    text,
    spans: [],
    lang,
    set: `paragraphs-${lang}`,
    family: 'negatives',
  }))

function templates(file: string): readonly Template[] {
  let style = ''
  return read(file).flatMap((line) => {
    if (!line.startsWith('# ')) return [{ style, text: line }]
    style = line.slice(2)
    return []
  })
}

const read = (file: string): readonly string[] =>
  readFileSync(join(import.meta.dirname, file), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
