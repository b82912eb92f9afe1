import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FormPart } from './form-part.ts'
import { MAX_PARTS, parseForm } from './parse-form.ts'
import { writeForm } from './write-form.ts'

const TYPE = 'multipart/form-data; boundary=b'

const parsed = (body: string | Uint8Array, type = TYPE) =>
  parseForm(typeof body === 'string' ? Buffer.from(body) : body, type)

/** Parts as they are read, bytes as text; or why they are refused. */
const read = (body: string | Uint8Array, type = TYPE): unknown => {
  const form = parsed(body, type)
  if (!form.ok) return form.error.detail?.['reason'] ?? form.error.code
  return form.value.map((part) =>
    part.kind === 'field' ? part : { ...part, bytes: Buffer.from(part.bytes).toString('latin1') },
  )
}

/** A form of one part with these header lines. */
const one = (headers: string, content = 'x'): string =>
  `--b\r\n${headers}\r\n\r\n${content}\r\n--b--\r\n`

const field = (name: string, value: string): FormPart => ({ kind: 'field', name, value })
const MANY_HEADERS = Array.from({ length: 16 }, (_, at) => `\r\nX${at}: 1`).join('')
const DISPOSITION = 'Content-Disposition: form-data; name="a"'

test('fields and files are read as they were sent, in their order', () => {
  const body = [
    '--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nline 1\r\nline 2\r\n',
    '--b\r\ncontent-disposition:form-data;name=file;filename="dir/a b.WAV"\r\nContent-Type: Audio/WAV; codecs="x"\r\n\r\n\r\n--a\r\n',
    '--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n\r\n',
    '--b--\r\n',
  ].join('')
  assert.deepEqual(read(body), [
    field('prompt', 'line 1\r\nline 2'),
    {
      kind: 'file',
      name: 'file',
      fileName: 'a b.WAV',
      type: 'audio/wav',
      charset: null,
      bytes: '\r\n--a',
    },
    field('prompt', ''),
  ])
})

test('a preamble, an epilogue, padding and a quoted boundary change nothing', () => {
  const plain = one(DISPOSITION)
  assert.deepEqual(read(`preamble --b\r\n${plain}epilogue\r\n--b\r\n`), [field('a', 'x')])
  assert.deepEqual(read(plain.replaceAll('--b\r\n', '--b \t\r\n')), [field('a', 'x')])
  assert.deepEqual(read(plain.slice(0, -2)), [field('a', 'x')])
  const quoted = 'Multipart/Form-Data; charset=utf-8; boundary="b c?"'
  assert.deepEqual(read(plain.replaceAll('--b', '--b c?'), quoted), [field('a', 'x')])
  assert.deepEqual(read('--b--'), [])
})

test('a boundary counts at the begin of a line only', () => {
  assert.deepEqual(read(one(DISPOSITION, 'x--b\r\n')), [field('a', 'x--b\r\n')])
  assert.deepEqual(read(one(DISPOSITION, 'x\n--b\n')), [field('a', 'x\n--b\n')])
})

test('a file name is read in each of the ways it is written, without its folders', () => {
  const names: readonly (readonly [string, string | null])[] = [
    ['filename="a.png"', 'a.png'],
    ['filename=a.png', 'a.png'],
    ['filename=""', ''],
    ['filename="café.png"', 'café.png'],
    ['filename="a;b=c.png"', 'a;b=c.png'],
    ['filename="a\u2028\u00a0b"', 'a\u2028\u00a0b'],
    [String.raw`filename="say \"x\".png"`, 'say "x".png'],
    ['filename="say %22x%22.png"', 'say "x".png'],
    [String.raw`filename="C:\photos\a.png"`, 'a.png'],
    [String.raw`filename="..\\..\\a.png"`, 'a.png'],
    ['filename="../../a.png"', 'a.png'],
    ["filename=x.png; filename*=UTF-8''caf%C3%A9.png", 'café.png'],
  ]
  for (const [written, fileName] of names) {
    const form = parsed(one(`${DISPOSITION}; ${written}\r\nContent-Type: image/png`))
    assert.ok(form.ok, written)
    const [part] = form.value
    assert.equal(part?.kind === 'file' ? part.fileName : undefined, fileName, written)
  }
})

test('a part without a file name is a text only when its type says so', () => {
  const kindOf = (type: string): unknown => {
    const form = parsed(one(`${DISPOSITION}\r\nContent-Type: ${type}`))
    return form.ok ? form.value[0]?.kind : form.error.code
  }
  assert.equal(kindOf('text/plain; charset=UTF-8'), 'field')
  assert.equal(kindOf('application/json'), 'field')
  assert.equal(kindOf('application/octet-stream'), 'file')
  assert.equal(kindOf('image/png'), 'file')
  const unsaid = parsed(one(`${DISPOSITION}; filename=x`))
  assert.ok(unsaid.ok && unsaid.value[0]?.kind === 'file')
  assert.equal(unsaid.value[0].type, 'application/octet-stream')
})

test('a text in Latin-1 is read as such; a charset that is not known is refused', () => {
  const body = (charset: string): Buffer =>
    Buffer.from(
      one(`${DISPOSITION}\r\nContent-Type: text/plain; charset=${charset}`, 'café'),
      'latin1',
    )
  assert.deepEqual(read(body('ISO-8859-1')), [field('a', 'café')])
  assert.equal(read(body('utf-8')), 'invalid-utf8')
  assert.equal(read(body('utf-7')), 'part-charset')
  assert.equal(
    read(one('Content-Disposition: form-data; name="_charset_"', 'utf-7')),
    'part-charset',
  )
  const file = `${DISPOSITION}; filename=x\r\nContent-Type: text/plain; charset=ebcdic`
  assert.equal(read(one(file)), 'part-charset')
})

test('what two readers could understand in two ways is refused, with the reason', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', 'no-first-boundary'],
    ['nothing', 'no-first-boundary'],
    ['--b', 'no-final-boundary'],
    ['--b\r\n', 'no-final-boundary'],
    [`--b\r\n${DISPOSITION}\r\n\r\nx`, 'no-final-boundary'],
    [`--b\r\n${DISPOSITION}\r\n\r\nx\r\n--b`, 'no-final-boundary'],
    [`--b\r\n${DISPOSITION}\r\n\r\nx\n--b--\n`, 'no-final-boundary'],
    [`--b\n${DISPOSITION}\n\nx\n--b--\n`, 'boundary-line'],
    [one(DISPOSITION, 'x\r\n--bc'), 'boundary-line'],
    [one(DISPOSITION).replace('--b--', '--b--c'), 'boundary-line'],
    [`--b\r\n\r\nx\r\n--b--`, 'part-headers'],
    [`--b\r\n${DISPOSITION}\r\n--b--`, 'part-headers'],
    [one(`${DISPOSITION}\n\n`), 'part-headers'],
    [one(`${DISPOSITION};\r\n filename="x"`), 'part-headers'],
    [one(`${DISPOSITION}\r\n${DISPOSITION}`), 'part-headers'],
    [one(`${DISPOSITION}\r\nno colon`), 'part-headers'],
    [one(`${DISPOSITION}\r\nX: ${'y'.repeat(9000)}`), 'headers-too-large'],
    [one(`${DISPOSITION}\r\nX : 1`), 'part-headers'],
    [one(DISPOSITION + MANY_HEADERS), 'part-headers'],
    [one('Content-Type: text/plain'), 'part-disposition'],
    [one('Content-Disposition: attachment; name="a"'), 'part-disposition'],
    [one('Content-Disposition: form-data; name="a"; name="b"'), 'part-disposition'],
    [one('Content-Disposition: form-data; name="a'), 'part-disposition'],
    [one('Content-Disposition: form-data'), 'part-name'],
    [one('Content-Disposition: form-data; name=""'), 'part-name'],
    [one(String.raw`Content-Disposition: form-data; name="a\b"`), 'part-name'],
    [one(`${DISPOSITION}; filename*=UTF-8''%ff`), 'part-name'],
    [one(`${DISPOSITION}; filename*=utf-7''x`), 'part-name'],
    [one(`${DISPOSITION}; filename*=UTF-8''a%0d%0ab`), 'part-name'],
    [one(`${DISPOSITION}\r\nContent-Type: text`), 'part-type'],
    [one(`${DISPOSITION}\r\nContent-Type: multipart/mixed; boundary=c`), 'nested-multipart'],
    [one(`${DISPOSITION}\r\nContent-Type: message/rfc822`), 'nested-multipart'],
    [one(`${DISPOSITION}\r\nContent-Transfer-Encoding: base64`), 'part-encoding'],
  ]
  for (const [body, reason] of cases) assert.equal(read(body), reason, JSON.stringify(body))
  const many = `--b\r\n${DISPOSITION}\r\n\r\nx\r\n`
  assert.ok(Array.isArray(read(`${many.repeat(MAX_PARTS)}--b--`)))
  assert.equal(read(`${many.repeat(MAX_PARTS + 1)}--b--`), 'too-many-parts')
})

test('a content type without a boundary that can be used is refused', () => {
  for (const type of [
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    'multipart/form-data; boundary="b "',
    'multipart/form-data; boundary="bé"',
    `multipart/form-data; boundary=${'b'.repeat(71)}`,
    'multipart/form-data; boundary=b; boundary=c',
    'multipart/form-data; boundary="b',
    'multipart/mixed; boundary=b',
  ])
    assert.equal(read(one(DISPOSITION), type), 'no-boundary', type)
  const longest = 'b'.repeat(70)
  const type = `multipart/form-data; boundary=${longest}`
  assert.deepEqual(read(one(DISPOSITION).replaceAll('--b', `--${longest}`), type), [
    field('a', 'x'),
  ])
})

/** No draw of these can be told apart from another. */
const constant = (): number => 0.25

const isName = (text: string): boolean => text !== '' && !/[\p{Cc}\\]|%22/u.test(text)
const name = fc.string({ unit: 'grapheme' }).filter(isName)
const fileName = name.filter((text) => !text.includes('/'))
const PLAIN_OBJECTS = { noNullPrototype: true }
const anyPart: fc.Arbitrary<FormPart> = fc.oneof(
  fc.record(
    { kind: fc.constant('field' as const), name, value: fc.string({ unit: 'grapheme' }) },
    PLAIN_OBJECTS,
  ),
  fc.record(
    {
      kind: fc.constant('file' as const),
      name,
      fileName: fc.oneof(fileName, fc.constant('')),
      type: fc.constantFrom('audio/wav', 'image/png', 'text/plain', 'application/x-subrip'),
      charset: fc.constantFrom(null, 'utf-8'),
      bytes: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    },
    PLAIN_OBJECTS,
  ),
)

test('whatever we write is read back, every byte of it', () => {
  fc.assert(
    fc.property(fc.array(anyPart, { maxLength: 12 }), (parts) => {
      const { contentType, bytes } = writeForm(parts, constant)
      const form = parseForm(bytes, contentType)
      assert.ok(form.ok)
      assert.deepEqual(form.value, parts)
    }),
    { numRuns: 1000 },
  )
})

test('content that holds our boundary gets another one', () => {
  const first = writeForm([], constant).contentType.split('boundary=')[1] ?? ''
  const parts = [field('a', `x\r\n--${first}--\r\n`)]
  const { contentType, bytes } = writeForm(parts, constant)
  assert.ok(!contentType.includes(first))
  const form = parseForm(bytes, contentType)
  assert.deepEqual(form, { ok: true, value: parts })
})

/** Pieces that forms are made of, in any order. */
const pieces = fc.constantFrom(
  '--b',
  '--b--',
  '\r\n',
  '\r',
  '\n',
  '\r\n\r\n',
  ' ',
  '"',
  '\\',
  ';',
  '=',
  'Content-Disposition: form-data',
  '; name="a"',
  '; filename="x"',
  "; filename*=UTF-8''%41",
  'Content-Type: text/plain',
  '; charset=utf-8',
  'Content-Type: multipart/mixed',
  'x',
  '\0',
)

test('a hostile body ends in parts or in a refusal, never in an exception', () => {
  const text = fc.array(pieces, { maxLength: 60 }).map((list) => list.join(''))
  const body = fc.oneof(
    text.map((content) => Buffer.from(content)),
    text.map((content) => Buffer.from(`--b\r\nContent-Disposition: form-data${content}\r\n--b--`)),
    fc.uint8Array({ maxLength: 300 }),
  )
  const type = fc.oneof(
    fc.constant(TYPE),
    fc
      .array(pieces, { maxLength: 8 })
      .map((list) => `multipart/form-data; boundary=${list.join('')}`),
  )
  fc.assert(
    fc.property(body, type, (bytes, contentType) => {
      const form = parseForm(bytes, contentType)
      if (!form.ok) assert.match(form.error.code, /^(?:malformed-multipart|invalid-utf8)$/)
    }),
    { numRuns: 2000 },
  )
})

test('every cut of a form is refused', () => {
  const whole = Buffer.from(one(`${DISPOSITION}; filename=x\r\nContent-Type: audio/wav`, 'content'))
  const end = whole.length - '\r\n'.length
  for (let cut = 0; cut < end; cut++) {
    assert.equal(parseForm(whole.subarray(0, cut), TYPE).ok, false, String(cut))
  }
  assert.equal(parseForm(whole.subarray(0, end), TYPE).ok, true)
})
