import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base62Crc, crc32 } from './crc32.ts'
import { ean13, elevenProof, mod11With10, nhsCheck } from './european.ts'
import { luhn } from './luhn.ts'
import { ibanCheck, remainder } from './mod97.ts'
import { vatCheck } from './vat.ts'

test('Luhn holds for the example of ISO 7812 and fails on one wrong digit', () => {
  assert.ok(luhn('79927398713'))
  assert.ok(!luhn('79927398714'))
})

test('mod 97 holds for the examples of the IBAN registry', () => {
  for (const one of [
    'GB29NWBK60161331926819',
    'FR1420041010050500013M02606',
    'MT84MALT011000012345MTLCAST001S',
  ]) {
    assert.ok(ibanCheck(one), one)
    assert.ok(!ibanCheck(one.replace(/.$/, (last) => (last === '1' ? '2' : '1'))), one)
  }
  assert.equal(
    remainder('123456789012345678901234567890', 97),
    Number(123456789012345678901234567890n % 97n),
  )
})

test('CRC-32 holds for its check value', () => {
  assert.equal(crc32('123456789'), 0xcbf43926)
  assert.equal(base62Crc('').length, 6)
})

test('national checks hold for published examples', () => {
  assert.ok(nhsCheck('9434765919') && !nhsCheck('9434765918'))
  assert.ok(elevenProof('111222333') && !elevenProof('111222334'))
  assert.ok(ean13('7569217076985') && !ean13('7569217076986'))
  assert.ok(mod11With10('136695976') && !mod11With10('136695977'))
  assert.ok(vatCheck('BE', '0428759497') && !vatCheck('BE', '0431150351'))
  assert.ok(vatCheck('LU', '15027442') && vatCheck('DK', '13585628') && vatCheck('FI', '20774740'))
})
