import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FormPart } from '../multipart/form-part.ts'
import { FORM_KINDS, readMediaForm } from './form-request.ts'

const field = (name: string, value: string): FormPart => ({ kind: 'field', name, value })
const file = (name: string, more: Partial<Extract<FormPart, { kind: 'file' }>> = {}): FormPart => ({
  kind: 'file',
  name,
  fileName: 'a.wav',
  type: 'audio/wav',
  charset: null,
  bytes: Uint8Array.of(0, 255),
  ...more,
})
const SOUND = file('file')
const MODEL = field('model', 'm')

const { transcriptions, translations, edits } = FORM_KINDS

const surfaceOf = (form: readonly FormPart[], kind: Parameters<typeof readMediaForm>[1]) => {
  const read = readMediaForm(form, kind)
  assert.ok(read.ok, JSON.stringify(read))
  return read.value
}
const partsOf = (...form: readonly FormPart[]): readonly string[] =>
  surfaceOf([MODEL, ...form], transcriptions)
    .textParts()
    .map(({ path, text, kind }) => `${kind} ${path} ${text}`)

test('names, values, file names, media types and files of text are all classified', () => {
  const text = Buffer.from('Bonjour')
  assert.deepEqual(partsOf(SOUND, field('prompt', 'Le mémo.'), field('x', 'y')), [
    'text file.type audio/wav',
    'text file.filename a.wav',
    'unreadable file.content ',
    'text prompt Le mémo.',
    'text x y',
    'key x x',
  ])
  for (const type of ['text/vtt', 'application/json', 'application/x-subrip', 'text/csv'])
    assert.deepEqual(partsOf(file('file', { type, fileName: null, bytes: text })), [
      `text file.type ${type}`,
      'text file.content Bonjour',
    ])
})

test('a file that cannot be read, or that others could read in another way, is unreadable', () => {
  const text = Buffer.from('Bonjour')
  const doubtful = [
    { type: 'image/svg+xml', bytes: text },
    { type: 'text/rtf', bytes: text },
    { type: 'application/octet-stream', bytes: text },
    { type: 'text/plain', charset: 'utf-16', bytes: text },
    { type: 'text/plain', bytes: Uint8Array.of(0x42, 0xff) },
    { type: 'text/plain', bytes: Buffer.from('Bonjour', 'utf16le') },
  ]
  for (const more of doubtful)
    assert.ok(partsOf(file('file', more)).includes('unreadable file.content '), more.type)
})

test('a sound inside a text field is unreadable', () => {
  const reference = 'data:audio/wav;base64,AAAA'
  assert.ok(
    partsOf(SOUND, field('known_speaker_references[]', reference)).includes(
      'unreadable known_speaker_references[] ',
    ),
  )
})

test('a setting is no text, unless it is given twice or means something else', () => {
  const settings = [field('temperature', '0.2'), field('response_format', 'srt')]
  assert.equal(partsOf(SOUND, ...settings).length, 3)
  assert.ok(
    partsOf(SOUND, field('temperature', '06 12 34 56 78')).includes(
      'text temperature 06 12 34 56 78',
    ),
  )
  assert.equal(partsOf(SOUND, field('n', '4'), field('n', '9')).length, 5)
})

test('the destination gets every part as it is, and its own name of the model', () => {
  const prompt = field('prompt', 'x')
  const surface = surfaceOf([prompt, MODEL, SOUND], transcriptions)
  assert.equal(surface.requestedModel, 'm')
  const out = surface.forDestination('openai', { name: 'm', upstream: 'whisper-1' })
  assert.ok(out.ok)
  assert.deepEqual(out.value.form, [prompt, field('model', 'whisper-1'), SOUND])
  assert.equal(out.value.path, '/audio/transcriptions')
})

test('only a destination of the dialect that may know such a model is asked', () => {
  const served = { name: 'm', upstream: 'u' }
  const surface = surfaceOf([MODEL, SOUND], transcriptions)
  const refused = { ok: false, error: { code: 'unsupported-parameter', param: 'model' } }
  assert.deepEqual(surface.forDestination('anthropic', served), refused)
  assert.deepEqual(surface.forDestination('openai', { ...served, task: 'chat' }), refused)
  const auto = surfaceOf([field('model', 'auto'), SOUND], transcriptions)
  assert.deepEqual(auto.forDestination('openai', served), refused)
})

test('what is missing, doubled or not possible is refused by name', () => {
  const codeOf = (
    kind: Parameters<typeof readMediaForm>[1],
    ...form: readonly FormPart[]
  ): string => {
    const read = readMediaForm(form, kind)
    return read.ok ? 'ok' : `${read.error.code} ${read.error.param}`
  }
  const picture = file('image[]', { type: 'image/png' })
  const prompt = field('prompt', 'x')
  assert.equal(codeOf(transcriptions, SOUND), 'missing-field model')
  assert.equal(codeOf(transcriptions, field('model', ''), SOUND), 'invalid-value model')
  assert.equal(codeOf(transcriptions, MODEL, MODEL, SOUND), 'invalid-value model')
  assert.equal(codeOf(transcriptions, MODEL, field('model[]', 'n'), SOUND), 'invalid-value model')
  assert.equal(codeOf(transcriptions, file('model'), SOUND), 'invalid-value model')
  assert.equal(codeOf(transcriptions, MODEL), 'missing-field file')
  assert.equal(codeOf(transcriptions, MODEL, field('file', 'x')), 'missing-field file')
  assert.equal(
    codeOf(transcriptions, MODEL, SOUND, field('stream', 'perhaps')),
    'invalid-value stream',
  )
  assert.equal(codeOf(transcriptions, MODEL, SOUND, field('stream', 'True')), 'ok')
  assert.equal(
    codeOf(translations, MODEL, SOUND, field('stream', 'true')),
    'unsupported-parameter stream',
  )
  assert.equal(codeOf(translations, MODEL, SOUND, field('stream', 'false')), 'ok')
  assert.equal(codeOf(edits, MODEL, picture), 'missing-field prompt')
  assert.equal(codeOf(edits, MODEL, prompt), 'missing-field image')
  assert.equal(codeOf(edits, MODEL, prompt, picture, picture), 'ok')
})
