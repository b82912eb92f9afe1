import { equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { everyMapping } from './known-keys.ts'
import { loadOn } from './load-for-test.ts'
import { pathText, type ConfigPath } from './problems.ts'
import { editDistance } from './suggest.ts'

/** The value that holds a mapping at a path and nothing else. */
const nest = (path: ConfigPath, value: unknown): unknown =>
  path.toReversed().reduce<unknown>((inner, step) => {
    return typeof step === 'number' ? [inner] : { [step]: inner }
  }, value)

const unknownAt = (path: ConfigPath, key: string) => {
  const loaded = loadOn({ yaml: JSON.stringify(nest(path, { [key]: 1 })) })
  if (loaded.ok) return undefined
  const where = pathText([...path, key])
  return loaded.error.find((problem) => problem.code === 'unknown-key' && problem.path === where)
}

const edits = fc.constantFrom('delete', 'insert', 'replace', 'swap')

function misspell(key: string, edit: string, place: number, letter: string): string {
  const i = place % key.length
  if (edit === 'insert') return key.slice(0, i) + letter + key.slice(i)
  if (edit === 'replace') return key.slice(0, i) + letter + key.slice(i + 1)
  if (edit === 'delete') return key.slice(0, i) + key.slice(i + 1)
  return key.slice(0, i) + (key[i + 1] ?? '') + (key[i] ?? '') + key.slice(i + 2)
}

describe('a misspelt key', () => {
  const known = everyMapping().flatMap(({ path, keys }) => keys.map((key) => ({ path, keys, key })))

  test('is refused by name with a suggestion, whatever key of whatever mapping, whatever the slip', () => {
    ok(known.length > 50, 'the walk over the schema finds every mapping')
    const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'.split(''))
    for (const { path, keys, key } of known) {
      fc.assert(
        fc.property(edits, fc.nat(30), letters, (edit, place, letter) => {
          const typed = misspell(key, edit, place, letter)
          fc.pre(!keys.includes(typed) && typed !== '')
          const problem = unknownAt(path, typed)
          equal(problem?.detail?.['key'], typed)
          const suggestion = String(problem?.detail?.['suggestion'])
          ok(keys.includes(suggestion), `${typed} in ${pathText(path)}`)
          ok(editDistance(typed, suggestion) <= 2)
        }),
        { numRuns: 12 },
      )
    }
  })

  test('gets the very key back when one letter is doubled', () => {
    for (const { path, keys, key } of known) {
      const typed = `${key}${key.at(-1) ?? ''}`
      if (keys.includes(typed)) continue
      equal(unknownAt(path, typed)?.detail?.['suggestion'], key, pathText([...path, key]))
    }
  })

  test('far from every key is refused with the list of those that exist, without a guess', () => {
    const problem = unknownAt([], 'zzzzzzzzzz')
    equal(problem?.detail?.['suggestion'], undefined)
    ok(String(problem?.detail?.['known']).includes('jurisdictions'))
  })

  test('that JavaScript gives a meaning to is refused like any other', () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      ok(unknownAt(['limits'], key), key)
      const loaded = loadOn({ yaml: `limits:\n  "${key}": {depth: 9}\n` })
      equal(loaded.ok, false)
    }
  })
})
