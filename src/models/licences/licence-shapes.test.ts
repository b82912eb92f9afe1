import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { judge } from './judge.ts'
import { findLicence } from './licence.ts'
import { recognise } from './recognise.ts'

const APACHE = readFileSync(new URL('../../../LICENSE', import.meta.url), 'utf8')
const ISC = `ISC License

Copyright (c) 2026 Somebody

Permission to use, copy, modify, and/or distribute this software for any
purpose with or without fee is hereby granted, provided that the above
copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF
OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
`

const page = (text: string, inside = ''): string =>
  `<!DOCTYPE html>\n<html lang="en"><head><title>License</title></head><body class='x'>${text
    .split(/\n\s*\n/)
    .map(
      (part) =>
        `<p>${part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}</p>`,
    )
    .join('\n')}${inside}</body></html>`

const lines =
  (before: string) =>
  (text: string): string =>
    text
      .split('\n')
      .map((line) => before + line)
      .join('\n')

/** What says the same. */
const SAME: Readonly<Record<string, (text: string) => string>> = {
  page,
  heading: (text) => `# License\n\n${text}`,
  fence: (text) => `\`\`\`text\n${text}\`\`\`\n`.replace('text\n', '\n'),
  comment: (text) => `/*\n${lines(' * ')(text)}\n */`,
  hash: lines('# '),
  'carriage returns': (text) => text.replaceAll('\n', '\r'),
  'hard spaces': (text) => text.replaceAll(' ', '\u00a0'),
}

/** What says more, or else. */
const OTHER: Readonly<Record<string, (text: string) => string>> = {
  clause: (text) => `${text}\n\nNot for military use.\n`,
  'clause in a page': (text) => page(text, '<p>Not for military use.</p>'),
  'clause in signs that are no tag': (text) => page(text, '<not for military use>'),
  'clause in a comment': (text) => page(text, '<!-- Not for military use. -->'),
  'clause in a style': (text) => page(text, '<style>Not for military use.</style>'),
  'clause among attributes': (text) => page(text, '<p not for military use></p>'),
  'words in figures': (text) => page(text, '<p>&#110;&#x6f;&#116; for you</p>'),
  'a word before': (text) => `# License of the weights, for research\n\n${text}`,
}

test('a licence is the same as a page, behind a heading or a fence, in a comment, with the line ends of any system', () => {
  for (const [name, id] of [
    [ISC, 'isc'],
    [APACHE, 'apache-2.0'],
  ] as const) {
    for (const [shape, change] of Object.entries(SAME)) {
      const found = recognise(change(name))
      assert.equal(found.kind, 'exact', `${id} ${shape}`)
      assert.equal(found.kind === 'exact' && found.licence.id, id)
    }
    for (const [shape, change] of Object.entries(OTHER))
      assert.notEqual(recognise(change(name)).kind, 'exact', `${id} ${shape}`)
  }
})

test('a page that never ends a tag is read in time', () => {
  for (const piece of ['<p x="', '<p ', "<div a='", '&#', '<p a=b '])
    assert.equal(recognise(`<html>${piece.repeat(100_000)}`).kind, 'unknown', piece)
})

test('where a hosted service counts as distribution, offering the model owes what handing it out does', () => {
  const duties = (id: string, offersModels: boolean): readonly string[] =>
    judge(
      [{ text: null, tag: findLicence(id) }],
      { use: 'external', country: 'FR', distributes: false, offersModels },
      { modalities: ['text'], isDerived: false },
    ).duties.map(({ condition }) => condition.id)
  for (const id of ['gemma-2025', 'creativeml-openrail-m', 'deepseek-1.0']) {
    assert.ok(duties(id, true).includes('pass-restrictions'), id)
    assert.ok(!duties(id, false).includes('pass-restrictions'), id)
  }
  assert.ok(!duties('llama-3.1', true).includes('pass-agreement'))
})
