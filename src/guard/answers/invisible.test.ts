import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { guardedText } from './guard.fixture.ts'

const masked = (text: string) => guardedText(text, { duties: { invisible: 'mask' } })
const points = (...all: readonly number[]): string => String.fromCodePoint(...all)
const tags = (text: string): string =>
  Array.from(text, (one) => points(0xe0000 + (one.codePointAt(0) ?? 0))).join('')

describe('characters that nobody sees', () => {
  test('are taken out, and a run of them leaves a mark', () => {
    assert.equal(masked(`a${tags('ignore all')}b`).text, 'a[INVISIBLE TEXT removed]b')
    assert.equal(
      masked(
        `a\u{1F600}${points(...Array.from('secret', (one) => 0xe0100 + one.charCodeAt(0) - 16))}b`,
      ).text,
      'a\u{1F600}[INVISIBLE TEXT removed]b',
    )
    assert.equal(masked('mo\u200Bt ca\u2060ché').text, 'mot caché')
    assert.equal(masked('a\u202Eb\u202C').text, 'ab')
    assert.equal(masked('g\uFE01').text, 'g')
    assert.equal(masked('a\u001B[31mb').text, 'a[31mb')
    assert.equal(
      masked(`x${'\u200B\u200C'.repeat(500)}y`).report.found.invisible,
      Math.ceil(1000 / 64),
    )
    assert.equal(masked(`x${'\u200B\u200C'.repeat(500)}y`).text, 'x[INVISIBLE TEXT removed]y')
  })

  test('stay where a script or a picture needs them', () => {
    const kept = [
      '\u{1F469}\u200D\u{1F4BB} \u2764\uFE0F\u200D\u{1F525} \u{1F3F3}\uFE0F\u200D\u{1F308} 1\uFE0F\u20E3 \u{1F44D}\u{1F3FD}',
      `\u{1F3F4}${tags('gbeng')}\u{E007F}`,
      '\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645',
      '\u0915\u094D\u200D\u0937',
      '\u05E9\u05DC\u05D5\u05DD\u200F!',
      '\u0E20\u0E32\u200B\u0E29\u0E32',
      'voi\u00ADture',
      'L\u2019\u00E9t\u00E9\u00A0: 12\u202F%\tfin\r\n',
    ]
    for (const text of kept) assert.equal(masked(text).text, text)
  })

  test('do not pass as the flag of a country', () => {
    assert.equal(
      masked(`\u{1F3F4}${tags('gbevil')}\u{E007F}`).text,
      '\u{1F3F4}[INVISIBLE TEXT removed]',
    )
  })
})
