import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { linksIn } from './html-links.ts'

const hrefs = (page: string): readonly string[] => linksIn(page).links.map(({ href }) => href)

test('links of a page are read as browsers read them', () => {
  assert.deepEqual(hrefs(`<a href="a">x</a><A HREF='b'><a\n href = c ><a href=d/>`), [
    'a',
    'b',
    'c',
    'd/',
  ])
  assert.deepEqual(hrefs('<!-- <a href="no"> --><a title="<a href=no>" href="yes">'), ['yes'])
  assert.deepEqual(hrefs('<script>"<a href=no>"</script><title><a href=no></title><a href=yes>'), [
    'yes',
  ])
  assert.deepEqual(hrefs('<abbr href=no><a name=x><a href="a&amp;b&#x3d;&#61;&nbsp;&">'), [
    'a&b==&nbsp;&',
  ])
  assert.deepEqual(hrefs('<a href="first" href="second">'), ['first'])
  assert.deepEqual(hrefs('<a href="never closed'), [])
  assert.equal(linksIn('<base target=_top><base href="/x/"><base href="/y/">').base, '/x/')
  const [link] = linksIn('<a href=x data-yanked DATA-Requires-Python="&gt;=3">').links
  assert.equal(link?.attributes.get('data-yanked'), '')
  assert.equal(link?.attributes.get('data-requires-python'), '>=3')
})

test('a page of anything is read to its end, in one pass', () => {
  const words = fc.constantFrom(
    '<a',
    ' href',
    '=',
    '"',
    "'",
    '>',
    '<!--',
    '-->',
    '/',
    ' ',
    '&#9;',
    '<base',
    '</',
    'é',
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 60 }), (parts) => {
      for (const { href } of linksIn(parts.join('')).links) assert.equal(typeof href, 'string')
    }),
  )
  // what would take hours, were any of it read again from its beginning
  for (const piece of [
    '<a href="',
    '<a ',
    '<',
    '<!--',
    "<a x='",
    ' =',
    '<a href=x',
    '<script>',
    '&#',
  ])
    linksIn(piece.repeat(1_000_000 / piece.length))
  linksIn(`<a ${' x'.repeat(300_000)}`)
  linksIn(`<a${' '.repeat(500_000)}`)
})
