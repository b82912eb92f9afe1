import assert from 'node:assert/strict'
import { test } from 'node:test'

// Plain JavaScript, because it runs before anything is installed: its shape is stated here.
const module: {
  toJavaScript: (path: string, source: string, imports: Readonly<Record<string, string>>) => string
} = await import(new URL('to-javascript.mjs', import.meta.url).href)
const { toJavaScript } = module

const IMPORTS = { '#kernel/*': './src/kernel/*', '#main': './src/main.ts' }
const strip = (source: string, path = 'cli/deep/ask.ts'): string =>
  toJavaScript(path, source, IMPORTS)

test('subpaths and relative modules become relative JavaScript', () => {
  assert.equal(
    strip("import { ok } from '#kernel/result.ts'"),
    "import { ok } from '../../kernel/result.js'",
  )
  assert.equal(strip("export * from './x.ts'"), "export * from './x.js'")
  assert.equal(strip("import { main } from '#main'"), "import { main } from '../../main.js'")
  assert.equal(strip("await import('../x.ts')"), "await import('../x.js')")
  assert.equal(
    strip("new URL('./engine.ts', import.meta.url)"),
    "new URL('./engine.js', import.meta.url)",
  )
  assert.equal(
    strip("import { a } from '#kernel/a.ts'", 'kernel/b.ts'),
    "import { a } from './a.js'",
  )
})

test('packages, node modules and data files keep their names', () => {
  for (const source of [
    "import { z } from 'zod'",
    "import { join } from 'node:path'",
    "import rows from './vendors.json' with { type: 'json' }",
  ]) {
    assert.equal(strip(source), source)
  }
})

test('types leave without moving a line or a column', () => {
  const stripped = strip('const a: number = 1\nconst b = a as unknown as string')
  assert.equal(stripped.split('\n')[0]?.indexOf('= 1'), 'const a: number '.length)
  assert.doesNotMatch(stripped, /number|unknown/)
})

test('a module that would not be found stops the packing', () => {
  assert.throws(() => strip("const worker = './worker.ts'"), /still names/)
  assert.doesNotThrow(() => strip('/** Like `./worker.ts`. */\nconst a = 1'))
  assert.throws(() => strip("import { x } from '#attic/x.ts'"), /unknown #attic/)
})
