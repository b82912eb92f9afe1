import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { importsOf } from './imports-of.ts'
import { violations, type SourceFile } from './layer-check.ts'

const readme = (room: string): SourceFile => ({ path: `src/${room}/README.md`, text: '' })
const house = (path: string, ...lines: string[]): readonly string[] =>
  violations([{ path, text: lines.join('\n') }, readme(path.split('/')[1] ?? '')])

describe('boundaries between rooms', () => {
  test('imports that go down are fine', () => {
    const clean = house(
      'src/policy/decide.ts',
      "import { ok } from '#kernel/result.ts'",
      "import type { Finding } from '#classify/finding.ts'",
      "import { rank } from './rank.ts'",
    )
    assert.deepEqual(clean, [])
  })

  test('an import that goes up is found, wherever it is written', () => {
    const ways = [
      "import { serve } from '#pipeline/serve.ts'",
      "import {\n  serve,\n} from '#pipeline/serve.ts'",
      "export { serve } from '#pipeline/serve.ts'",
      "export * from '#pipeline/serve.ts'",
      "import * as serve from '#pipeline/serve.ts'",
      "import '#pipeline/serve.ts'",
      "const x = await import('#pipeline/serve.ts')",
    ]
    for (const way of ways) {
      const found = house('src/policy/decide.ts', 'const first = 1', way)
      assert.deepEqual(
        found,
        ['src/policy/decide.ts:2 policy may not import pipeline: #pipeline/serve.ts'],
        way,
      )
    }
  })

  test('a value is refused where only types may cross', () => {
    const types = "import type { Finding } from '#classify/finding.ts'"
    const inline = "import { type Finding } from '#classify/finding.ts'"
    const mixed = "import { type Finding, scan } from '#classify/finding.ts'"
    assert.deepEqual(house('src/policy/a.ts', types, inline), [])
    assert.deepEqual(house('src/policy/a.ts', mixed), [
      'src/policy/a.ts:1 policy may import only types of classify: #classify/finding.ts',
    ])
  })

  test('a relative import may not leave its room', () => {
    assert.deepEqual(house('src/policy/a.ts', "import { x } from '../ledger/x.ts'"), [
      'src/policy/a.ts:1 leaves its room by a relative import: ../ledger/x.ts',
    ])
    assert.deepEqual(house('src/policy/deep/a.ts', "import { x } from '../x.ts'"), [])
  })

  test('the mint of passages belongs to one file', () => {
    const text = "import { createPassageMint as mint } from '#kernel/passage.ts'"
    assert.deepEqual(house('src/policy/gate.ts', text), [])
    assert.deepEqual(house('src/policy/other.ts', text), [
      'src/policy/other.ts:1 only src/policy/gate.ts may import createPassageMint',
    ])
    assert.equal(violations([{ path: 'src/main.ts', text }]).length, 1)
  })

  test('the network is touched in few rooms, and never by the pipeline', () => {
    assert.deepEqual(house('src/providers/net.ts', "import { Pool } from 'undici'"), [])
    assert.equal(house('src/identity/a.ts', "import { request } from 'node:https'").length, 1)
    assert.deepEqual(house('src/identity/a.ts', "import { isIP } from 'node:net'"), [])
    assert.equal(house('src/identity/a.ts', "import { isIP, connect } from 'node:net'").length, 1)
    assert.equal(house('src/ledger/a.ts', "import { Pool } from 'undici'").length, 1)
    assert.equal(house('src/pipeline/serve.ts', "import { readFile } from 'node:fs'").length, 1)
  })

  test('rooms that need each other are told as a circle', () => {
    const found = violations([
      { path: 'src/classify/a.ts', text: "import { b } from '#guard/b.ts'" },
      { path: 'src/guard/b.ts', text: "import { a } from '#classify/a.ts'" },
      readme('classify'),
      readme('guard'),
    ])
    assert.deepEqual(found, [
      'src/classify/a.ts:1 classify may not import guard: #guard/b.ts',
      'rooms need each other in a circle: classify -> guard -> classify',
    ])
  })

  test('a room says what it is, and a file is named for what it holds', () => {
    assert.deepEqual(violations([{ path: 'src/ledger/hash-helpers.ts', text: '' }]), [
      'src/ledger/hash-helpers.ts is named after nothing: say what it holds',
      'src/ledger/README.md is missing: what enters, what leaves, what it may import',
    ])
  })

  test('a room without a rule, and a file outside every room, are found', () => {
    assert.equal(house('src/attic/a.ts', "import { ok } from '#kernel/result.ts'").length, 1)
    assert.equal(
      violations([{ path: 'src/loose.ts', text: "import { ok } from '#kernel/result.ts'" }]).length,
      1,
    )
  })

  test('the page knows the API only', () => {
    const found = violations([
      { path: 'web/src/a.tsx', text: "import { ok } from '#kernel/result.ts'" },
      {
        path: 'web/src/b.tsx',
        text: "import { useState } from 'react'\nimport { a } from './a.tsx'",
      },
    ])
    assert.equal(found.length, 1)
  })

  test('comments are no code', () => {
    const text = [
      "// import { a } from '#a/a.ts'",
      '/**',
      "import { b } from '#b/b.ts'",
      ' */',
      "import { c } from '#c/c.ts'",
    ].join('\n')
    assert.deepEqual(
      importsOf(text).map(({ specifier, line }) => [specifier, line]),
      [['#c/c.ts', 5]],
    )
  })
})

describe('exits', () => {
  test('a file that opens the network, or a passage, is an exit that is known', () => {
    const socket = house('src/providers/new-line.ts', "import { Pool } from 'undici'")
    assert.deepEqual(socket, [
      'src/providers/new-line.ts opens the network and is no exit that docs/passage.md knows',
    ])
    const above = house('src/main/leak.ts', "import { request } from 'node:https'")
    assert.equal(above.length, 1)
    assert.deepEqual(house('src/providers/types.ts', "import type { Pool } from 'undici'"), [])
    const opened = house('src/pipeline/peek.ts', 'const bytes = passage.open({ now: 0 })')
    assert.deepEqual(opened, [
      'src/pipeline/peek.ts takes content out of a passage and is no exit that docs/passage.md knows',
    ])
  })

  test('who uses a way out without a passage may not know content', () => {
    const found = house(
      'src/main/anchors.ts',
      "import { openOutboundFetch } from '#providers/outbound-fetch.ts'",
      "import type { SurfaceRequest } from '#protocols/surface.ts'",
    )
    assert.deepEqual(found, [
      'src/main/anchors.ts uses a way out without a passage and may not know #protocols/surface.ts',
    ])
  })
})
