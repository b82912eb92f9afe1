import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_USAGE } from '../answer-event.ts'
import { readPictures, readSound, readSubtitles, readTranscript } from './answers.ts'

const JSON_TYPE = 'application/json'
const bytes = (value: unknown): Uint8Array =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))

test('a transcript is JSON with a text, and its tokens are counted where it has any', () => {
  const typeOf = (value: unknown): unknown => readTranscript(bytes(value), JSON_TYPE)?.type
  assert.equal(typeOf({ text: '' }), JSON_TYPE)
  for (const value of [{ segments: [] }, { text: 1 }, [], '"text"', '<html>', ''])
    assert.equal(typeOf(value), undefined)
  const usageOf = (usage: unknown): unknown =>
    readTranscript(bytes({ text: 'a', usage }), JSON_TYPE)?.usage
  const tokens = { type: 'tokens', input_tokens: 3, output_tokens: 2 }
  assert.deepEqual(usageOf(tokens), { ...NO_USAGE, promptTokens: 3, completionTokens: 2 })
  assert.deepEqual(usageOf({ type: 'duration', seconds: 9 }), NO_USAGE)
})

test('texts and subtitles keep their type where it is one of theirs; a page is none of them', () => {
  const typeOf = (text: string | Uint8Array, type: string): unknown =>
    readSubtitles(typeof text === 'string' ? bytes(text) : text, type)?.type
  const plain = 'text/plain; charset=utf-8'
  assert.equal(typeOf('Bonjour', plain), plain)
  assert.equal(typeOf('', plain), plain)
  assert.equal(typeOf('WEBVTT\n', 'text/vtt'), 'text/vtt')
  assert.equal(typeOf('1\n00:00', 'application/x-subrip'), 'application/x-subrip')
  assert.equal(typeOf('Bonjour <3', 'text/html; charset=utf-8'), plain)
  assert.equal(typeOf('Bonjour', 'text/plain-evil'), plain)
  assert.equal(typeOf('"Bonjour"', JSON_TYPE), JSON_TYPE)
  assert.equal(typeOf('{"text":"Bonjour"}', JSON_TYPE), JSON_TYPE)
  assert.equal(typeOf('{"detail":"Not Found"}', JSON_TYPE), undefined)
  assert.equal(typeOf('\n<!DOCTYPE html><p>Sign in', 'text/html'), undefined)
  assert.equal(typeOf(Uint8Array.of(0xff, 0xfe), plain), undefined)
})

test('pictures are a list, a sound is bytes that say they are one', () => {
  assert.equal(readPictures(bytes({ data: [] }), JSON_TYPE)?.type, JSON_TYPE)
  assert.equal(readPictures(bytes({ data: {} }), JSON_TYPE), null)
  assert.equal(readSound(bytes('x'), 'audio/mpeg')?.type, 'audio/mpeg')
  assert.equal(readSound(bytes('x'), 'text/html'), null)
  assert.equal(readSound(bytes(''), 'audio/mpeg'), null)
})
