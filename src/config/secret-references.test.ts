import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { err, ok } from '#kernel/result.ts'
import { exposure, resolveSecret } from './secret-references.ts'

const file = (text: string, mode = 0o600) => ok({ bytes: new TextEncoder().encode(text), mode })

const sources = {
  env: { K: 'value', BLANK: '  ', LINES: 'a\nb', NUL: 'a\0b' },
  folder: '/etc/ecluse',
  readFile: (path: string) =>
    path === '/etc/ecluse/keys/k'
      ? file('from-file\r\n')
      : path === '/abs/k'
        ? file('absolute')
        : path === '/abs/open'
          ? file('open', 0o604)
          : err('missing' as const),
}

const outcome = (text: string): string => {
  const resolved = resolveSecret(text, sources)
  return resolved.ok ? resolved.value.secret.reveal() : resolved.error.code
}

describe('resolveSecret', () => {
  test('reads variables, and files relative to the configuration, without their line end', () => {
    equal(outcome('${env:K}'), 'value')
    equal(outcome('${file:keys/k}'), 'from-file')
    equal(outcome('${file:./keys/k}'), 'from-file')
    equal(outcome('${file:/abs/k}'), 'absolute')
  })

  test('refuses what is not exactly one reference', () => {
    const malformed = ['$K', '${K}', '${env:K', 'Bearer ${env:K}', '${env:K}${env:K}', '${ENV:K}']
    for (const text of [
      ...malformed,
      '${env:}',
      '${env:1A}',
      '${file:}',
      '${exec:id}',
      '${env:K} x',
    ]) {
      equal(outcome(text), 'malformed-reference', text)
    }
    equal(outcome('plain'), 'literal-secret')
    equal(outcome(''), 'literal-secret')
  })

  test('names the variable that is missing, and reads no inherited name', () => {
    deepEqual(resolveSecret('${env:NOPE}', sources), {
      ok: false,
      error: { code: 'missing-variable', detail: { variable: 'NOPE' } },
    })
    equal(outcome('${env:constructor}'), 'missing-variable')
  })

  test('refuses values that no header can carry', () => {
    equal(outcome('${env:BLANK}'), 'empty-secret')
    equal(outcome('${env:LINES}'), 'invalid-secret')
    equal(outcome('${env:NUL}'), 'invalid-secret')
    equal(outcome('${file:/none}'), 'secret-file-unreadable')
  })

  test('warns of a file that other users can read', () => {
    const resolved = resolveSecret('${file:/abs/open}', sources)
    deepEqual(resolved.ok && resolved.value.warning, {
      code: 'secret-file-exposed',
      detail: { mode: '0604' },
    })
  })
})

describe('exposure', () => {
  test('0640 and narrower pass, anything wider is told, unknown is not', () => {
    const bytes = new Uint8Array()
    for (const mode of [0o600, 0o640, 0o400, 0o440, 0o100600, null]) {
      equal(exposure({ bytes, mode }), undefined)
    }
    for (const mode of [0o644, 0o660, 0o641, 0o700, 0o100644, 0o777]) {
      equal(exposure({ bytes, mode })?.code, 'secret-file-exposed', mode.toString(8))
    }
  })
})
