import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { readColumn, readList } from './csv.ts'

const cells = (text: string | Uint8Array, column?: string) => {
  const read = readColumn(typeof text === 'string' ? Buffer.from(text) : text, column)
  return read.ok ? read.value.map(({ line, text: value }) => [line, value]) : read.error
}

describe('a table of terms', () => {
  test('is read by title, by number, or by the usual title', () => {
    const text = 'id;Client;ville\n1;Novéa;Lyon\n2;"Étoile; fils";Lille\n'
    const expected = [
      [2, 'Novéa'],
      [3, 'Étoile; fils'],
    ]
    assert.deepEqual(cells(text, 'client'), expected)
    assert.deepEqual(cells(text), expected)
    assert.deepEqual(cells('Novéa,1\nÉtoile,2', '1'), [
      [1, 'Novéa'],
      [2, 'Étoile'],
    ])
    assert.deepEqual(cells('Novéa\nÉtoile'), [
      [1, 'Novéa'],
      [2, 'Étoile'],
    ])
    assert.deepEqual(cells(text, 'nope'), { code: 'no-such-column', line: 1 })
  })

  test('may come from any system and any spreadsheet', () => {
    assert.deepEqual(cells('\ufeffterm\r\nNovéa\r\n\r\n"a\r\nb"\rlast\n'), [
      [2, 'Novéa'],
      [4, 'a\r\nb'],
      [6, 'last'],
    ])
    assert.deepEqual(cells(Buffer.from('\ufeffterm\tx\nNovéa\ty', 'utf16le'), 'term'), [
      [2, 'Novéa'],
    ])
    assert.deepEqual(cells('""\n"a""b",'), [[2, 'a"b']])
    assert.deepEqual(cells(''), [])
  })

  test('that is broken is refused with the line and nothing of its content', () => {
    assert.deepEqual(cells('a\n"b\nc\nd'), { code: 'open-quote', line: 2 })
    assert.deepEqual(cells('a\n"b"c\n'), { code: 'after-quote', line: 2 })
    assert.deepEqual(cells(Buffer.from([0x61, 0xe9, 0x0a])), { code: 'not-utf8', line: 1 })
    assert.deepEqual(cells(`a\n${'x'.repeat(20_000)}`), { code: 'cell-too-long', line: 2 })
    assert.deepEqual(cells(`"${'""'.repeat(20_000)}"`), { code: 'cell-too-long', line: 1 })
    assert.deepEqual(cells(`"${'x'.repeat(30_000)}"`), { code: 'cell-too-long', line: 1 })
  })

  test('of any bytes is read or refused', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', '\t', ' ', '\0', '=') }),
        (text) => {
          const read = readColumn(Buffer.from(text), undefined)
          if (read.ok) for (const { text: value } of read.value) assert.ok(value.trim() !== '')
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('written by the rules gives back its cells', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', '-'),
      maxLength: 12,
    })
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const text = [
          'left,right',
          ...rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')),
        ].join('\r\n')
        const expected = rows.map(([, right]) => right).filter((right) => right.trim() !== '')
        const read = cells(text, 'right')
        assert.deepEqual(Array.isArray(read) ? read.map(([, value]) => value) : read, expected)
      }),
    )
  })
})

test('a plain list gives its lines', () => {
  const read = readList(Buffer.from('Novéa\r\n\n  \nÉtoile, fils'))
  assert.deepEqual(read, {
    ok: true,
    value: [
      { line: 1, text: 'Novéa' },
      { line: 4, text: 'Étoile, fils' },
    ],
  })
})
