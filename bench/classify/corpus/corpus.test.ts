import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { base62Crc } from '#classify/checks/crc32.ts'
import { ean13, elevenProof, nhsCheck } from '#classify/checks/european.ts'
import { luhn } from '#classify/checks/luhn.ts'
import { ibanCheck } from '#classify/checks/mod97.ts'
import { vatCheck } from '#classify/checks/vat.ts'
import { random } from '../../gateway/prose.ts'
import { fill } from './fill.ts'
import { verhoeffDigit } from './europe.ts'
import { ownCorpus } from './own-corpus.ts'
import { SECRETS } from './secrets.ts'
import { lookAlike, MAKERS } from './values.ts'

const compact = (text: string): string => text.replaceAll(/[^0-9A-Za-z]/g, '')

/** The product's own checks, which the makers do not use. */
const HOLDS: Readonly<Record<string, (made: string) => boolean>> = {
  IBAN_CODE: ibanCheck,
  CREDIT_CARD: luhn,
  FR_SIREN: luhn,
  FR_SIRET: luhn,
  FR_RPPS: luhn,
  FR_FINESS: luhn,
  IMEI: luhn,
  CA_SIN: luhn,
  UK_NHS: nhsCheck,
  NL_BSN: elevenProof,
  CH_AHV: ean13,
}

describe('what the corpora are made of', () => {
  test('identifiers hold the checks of their rules, and their look-alikes do not', () => {
    const next = random(7)
    for (const [type, holds] of Object.entries(HOLDS)) {
      for (let i = 0; i < 50; i++) {
        const made = compact(MAKERS[type]?.(next, 'fr') ?? '')
        assert.ok(holds(made), `${type} ${made}`)
        assert.ok(!holds(compact(lookAlike(type, next, 'fr'))), type)
      }
    }
  })

  test('VAT numbers hold the rule of their country', () => {
    const next = random(8)
    for (let i = 0; i < 200; i++) {
      const made = compact(MAKERS['VAT_NUMBER']?.(next, 'en') ?? '')
      assert.ok(vatCheck(made.slice(0, 2), made.slice(2)), made)
    }
  })

  test('published numbers of other rules come out of the same makers', () => {
    // Wikipedia's example of the Verhoeff algorithm
    assert.equal(verhoeffDigit('236'), '3')
    const next = random(9)
    const token = SECRETS['github']?.(next) ?? ''
    assert.equal(base62Crc(token.slice(4, -6)), token.slice(-6))
  })

  test('places are those of the values, in code points, with accents and without', () => {
    for (const withoutAccents of [false, true]) {
      const { text, spans } = fill('😀 Éloïse a {IBAN_CODE}\\net {PERSON}.', {
        next: random(1),
        lang: 'fr',
        withoutAccents,
      })
      const [first, second] = spans.map(({ start, end }) =>
        Array.from(text).slice(start, end).join(''),
      )
      assert.ok(ibanCheck(compact(first ?? '')))
      assert.match(second ?? '', /^\p{L}[\p{L} '-]+$/u)
      assert.equal(text.includes('Éloïse'), !withoutAccents)
      assert.ok(text.includes('\net '))
    }
  })

  test('every run has the same texts, each with its own name and no slot left open', () => {
    const rows = ownCorpus()
    assert.deepEqual(ownCorpus(), rows)
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length)
    for (const { text, family } of rows) {
      if (family === 'pii') assert.doesNotMatch(text, /\{!?[A-Z_]{3,}\}/)
    }
  })

  test('there are as many sentences and clean paragraphs as the page says', () => {
    const lines = (file: string): number =>
      readFileSync(join(import.meta.dirname, file), 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('# ')).length
    for (const lang of ['fr', 'en']) assert.ok(lines(`templates.${lang}.txt`) >= 150, lang)
    assert.ok(lines('clean.fr.txt') + lines('clean.en.txt') >= 120)
  })
})
