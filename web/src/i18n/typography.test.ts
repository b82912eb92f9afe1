import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { NARROW_SPACE, typeset } from './typography.ts'

test('French punctuation gets its narrow no-break space, English is left alone', () => {
  assert.equal(
    typeset('Quoi ? « Non » : 5 %', 'fr'),
    'Quoi\u202F? «\u202FNon\u202F»\u202F: 5\u202F%',
  )
  assert.equal(typeset("l'eau", 'fr'), 'l’eau')
  assert.equal(typeset('What ?', 'en'), 'What ?')
})

/** The translations of a catalogue, with the messages they stand for. */
function catalogue(language: string): ReadonlyMap<string, string> {
  const text = readFileSync(new URL(`../locales/${language}.po`, import.meta.url), 'utf8')
  const entries = text.matchAll(/^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)/gm)
  const join = (quoted = '') =>
    quoted
      .trim()
      .split('\n')
      .map((line) => line.slice(1, -1))
      .join('')
  return new Map([...entries].map(([, id, translation]) => [join(id), join(translation)]))
}

test('every message has a French translation, set as French is', () => {
  const french = catalogue('fr')
  french.forEach((translation, message) => {
    if (message === '') return
    assert.notEqual(translation, '', message)
    const prose = translation.replaceAll(/`[^`]*`|<\d>[^<]*<\/\d>|\{\w+, plural,/g, '')
    assert.doesNotMatch(
      prose,
      /[^\u202F:/;?!][;:?!»](?![/\w])/,
      `${message}: ${NARROW_SPACE} missing`,
    )
    assert.doesNotMatch(prose, /[ \u00A0][;:?!»]/, message)
    assert.doesNotMatch(prose, /'/, `${message}: use the typographic apostrophe`)
  })
  assert.deepEqual([...french.keys()], [...catalogue('en').keys()])
  assert.ok(french.size > 100)
})

test('a translation keeps the placeholders and the tags of its message', () => {
  const marks = (text: string) =>
    [...text.matchAll(/\{\w+[,}]|<\/?\d>/g)].map(([mark]) => mark).toSorted()
  catalogue('fr').forEach((translation, message) => {
    assert.deepEqual(marks(translation), marks(message), message)
  })
})
