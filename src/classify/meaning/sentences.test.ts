import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { classRank, type Category, type DataClass } from '#kernel/label.ts'
import { createClassifier } from '../classify.ts'

interface Row {
  readonly text: string
  readonly lang: 'fr' | 'en' | 'mix'
  readonly class: DataClass
  readonly categories: readonly Category[]
  readonly why: string
}

const classify = createClassifier()
const read = (name: string): readonly Row[] =>
  JSON.parse(readFileSync(`${import.meta.dirname}/cases/${name}.json`, 'utf8')) as readonly Row[]

const labelOf = (text: string) =>
  classify([{ path: 'messages.0.content', text, kind: 'text' }], { floor: 'public' }).label

/** Shares of rows by outcome, and what went wrong as lines for whoever reads the failure. */
function score(rows: readonly Row[]) {
  const wrong: string[] = []
  let under = 0
  let categories = 0
  for (const row of rows) {
    const label = labelOf(row.text)
    const distance = classRank(label.class) - classRank(row.class)
    if (distance < 0) under++
    if (distance !== 0) wrong.push(`${row.class}, not ${label.class}: ${row.text} (${row.why})`)
    if (row.categories.every((category) => label.categories.includes(category))) categories++
  }
  return {
    right: 1 - wrong.length / rows.length,
    under: under / rows.length,
    categories: categories / rows.length,
    wrong,
  }
}

const DEVELOPED = read('sentences')
/** Every third sentence, kept aside while rules were written. */
const HELD_OUT = read('held-out')

describe('what sentences mean', () => {
  test('six hundred sentences or more, each told once, both languages in halves', () => {
    const all = [...DEVELOPED, ...HELD_OUT]
    const share = (lang: string) => all.filter((row) => row.lang === lang).length / all.length
    assert.ok(all.length >= 600)
    assert.equal(new Set(all.map(({ text }) => text)).size, all.length)
    assert.ok(share('fr') > 0.45 && share('en') > 0.45)
    for (const row of all) assert.ok(row.why !== '' && classRank(row.class) >= 0)
  })

  test('the sentences rules were developed on keep their class', () => {
    const { right, under, categories, wrong } = score(DEVELOPED)
    assert.ok(right >= 0.97 && under <= 0.02 && categories >= 0.96, wrong.join('\n'))
  })

  test('so do those kept aside', () => {
    const { right, under, categories, wrong } = score(HELD_OUT)
    assert.ok(right >= 0.94 && under <= 0.03 && categories >= 0.95, wrong.join('\n'))
  })

  test('the same without accents and with typographic apostrophes', () => {
    const forms: readonly ((text: string) => string)[] = [
      (text) => text.normalize('NFD').replaceAll(/\p{M}/gu, ''),
      (text) => text.replaceAll("'", '’'),
    ]
    for (const form of forms) {
      const { right, wrong } = score(DEVELOPED.map((row) => ({ ...row, text: form(row.text) })))
      assert.ok(right >= 0.95, wrong.join('\n'))
    }
  })
})
