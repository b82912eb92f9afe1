import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { filesOf } from '../store/manifest.ts'
import { hubFailure } from './hub-access.ts'
import { describePullFailure } from '../pull/pull-messages.ts'
import { storePaths } from '../store/store-layout.ts'
import { codeOf, folder, pull, serve, sha256, value } from './testing/get.ts'
import { COMMIT, FILES, hub } from './testing/hub.ts'

void describe('pulling a repository of the Hub', () => {
  test('pins the branch to its commit, follows redirects and pages, and verifies every file', async (t) => {
    const dir = await folder(t)
    const { url } = await hub(t)
    const manifest = value(await pull(dir, 'hf:acme/small', { hub: url }))
    assert.deepEqual(
      [manifest.name, manifest.format, manifest.attested, manifest.licence],
      ['small', 'safetensors', true, 'mit'],
    )
    assert.equal(manifest.source.reference, `acme/small@${COMMIT}`)
    for (const { path, digest } of filesOf(manifest))
      assert.deepEqual(await readFile(storePaths(dir).blob(digest)), FILES[path])
    assert.deepEqual(await readdir(storePaths(dir).partial), [])
  })

  test('goes on where a connection broke, and fetches nothing twice', async (t) => {
    const dir = await folder(t)
    const { url, seen } = await hub(t, { breaks: 2 })
    value(await pull(dir, 'hf:acme/small', { hub: url }))
    const starts = seen.filter((line) => line.startsWith('cdn')).map((line) => line.split(' ')[3])
    assert.equal(starts.length, 3)
    assert.equal(starts[0], '0')
    assert.ok(
      starts.slice(1).every((from) => Number(from) > 0),
      starts.join(),
    )
    const before = seen.length
    value(await pull(dir, 'hf:acme/small', { hub: url, name: 'again' }))
    assert.ok(!seen.slice(before).some((line) => line.startsWith('cdn')))
  })

  test('a file that is not what the commit says is refused, large or small', async (t) => {
    for (const bad of ['config.json', 'weights/model.safetensors']) {
      const dir = await folder(t)
      const { url } = await hub(t, {
        spoil: (path, bytes) => (path === bad ? Buffer.alloc(bytes.length, 'x') : bytes),
      })
      const refused = await pull(dir, 'hf:acme/small', { hub: url })
      assert.equal(refused.ok ? null : refused.error.code, 'digest-mismatch', bad)
      assert.deepEqual(await readdir(storePaths(dir).manifests), [])
    }
  })

  test('hostile names, other commits and broken lists are refused before anything is fetched', async (t) => {
    const dir = await folder(t)
    for (const name of ['../up', '/root', 'a/../b', 'nul.txt', 'a\u202eb', 'C:x']) {
      const { url, seen } = await hub(t, { files: { [name]: Buffer.from('x') } })
      const refused = await pull(dir, 'hf:acme/small', { hub: url })
      assert.equal(refused.ok ? null : refused.error.code, 'source-malformed', name)
      assert.ok(!seen.some((line) => line.includes('resolve')))
    }
    const answers = ['', '[]', '{"sha":"main"}', `{"sha":"${'f'.repeat(40)}"}`]
    for (const body of answers) {
      const url = await serve(t, (_, response) => void response.end(body))
      const refused = await pull(dir, `hf:acme/small@${COMMIT}`, { hub: url })
      assert.equal(refused.ok ? null : refused.error.code, 'source-malformed', body)
    }
  })
})

const WEIGHTS = 'weights/model.safetensors'

/** Put together at run time: it must be seen nowhere. */
const TOKEN = ['hf', 'synthetic', 'token', '0123456789'].join('_')
const carried = { reveal: () => TOKEN }

void describe('private and gated repositories of the Hub', () => {
  test('a token opens them, and goes to the Hub alone', async (t) => {
    for (const closed of ['private', 'gated'] as const) {
      const dir = await folder(t)
      const { url, seen } = await hub(t, { token: TOKEN, closed })
      const manifest = value(await pull(dir, 'hf:acme/small', { hub: url, hubToken: carried }))
      assert.ok(!JSON.stringify(manifest).includes(TOKEN))
      const [atHub, atCdn] = ['hub', 'cdn'].map((place) =>
        seen.filter((line) => line.startsWith(place)),
      )
      assert.ok(atHub?.every((line) => line.endsWith(`Bearer ${TOKEN}`)))
      assert.ok(atCdn?.length === 1 && atCdn.every((line) => line.endsWith(' -')), seen.join('\n'))
      for (const place of ['blobs', 'manifests', 'partial'] as const)
        for (const name of await readdir(storePaths(dir)[place]))
          assert.ok(!(await readFile(join(storePaths(dir)[place], name), 'latin1')).includes(TOKEN))
    }
  })

  test('each refusal says what it is, in both languages, and never the token', async (t) => {
    const other = { reveal: () => 'other' }
    const bad = { reveal: () => `${TOKEN}x` }
    const cases = [
      ['gated', null, 'hf:acme/small', 'repository-gated'],
      ['gated', other, 'hf:acme/small', 'repository-not-granted'],
      ['private', null, 'hf:acme/small', 'repository-not-found'],
      ['private', other, 'hf:acme/small', 'repository-not-visible'],
      ['private', bad, 'hf:acme/small', 'token-refused'],
      [undefined, null, 'hf:acme/small@absent', 'revision-not-found'],
      [undefined, null, 'hf:acme/small:no.gguf', 'entry-not-found'],
    ] as const
    for (const [closed, hubToken, reference, code] of cases) {
      const dir = await folder(t)
      const { url } = await hub(t, { token: TOKEN, ...(closed ? { closed } : {}) })
      const refused = await pull(dir, reference, { hub: url, hubToken })
      assert.ok(!refused.ok)
      assert.equal(refused.error.code, code)
      for (const language of ['en', 'fr'] as const) {
        const { message, remedy } = describePullFailure(refused.error, language)
        assert.ok(!`${message}${remedy}${JSON.stringify(refused.error)}`.includes(TOKEN))
        assert.ok(!`${message}${remedy}`.includes('?'), message)
        // this is a mirror: where it speaks of HF_TOKEN, it says that no mirror is given it
        assert.ok(!/HF_TOKEN, (?:or|ou)/.test(remedy), remedy)
        const { code: atHub, detail = {} } = refused.error
        const own: string = describePullFailure({ code: atHub, detail }, language).remedy
        const isOfToken = ['repository-gated', 'repository-not-found', 'token-refused'].includes(
          code,
        )
        assert.deepEqual([own.includes('HF_TOKEN'), own !== remedy], [isOfToken, isOfToken])
      }
      assert.deepEqual(await readdir(storePaths(dir).manifests).catch(() => []), [])
    }
  })

  test('the Hub itself is no mirror', () => {
    const refusal = { status: 401, headers: { 'x-error-code': 'GatedRepo' } }
    const place = { repository: 'a/b', revision: 'main', token: null }
    const at = (page: string) => hubFailure(refusal, { ...place, page })?.isAtMirror
    assert.equal(at('https://huggingface.co/a/b'), undefined)
    assert.equal(at('https://hub.acme.example/huggingface.co/a/b'), true)
  })

  test('a hub that leads elsewhere for its lists gets no second request', async (t) => {
    const seen: string[] = []
    const away = await serve(t, (request, response) => {
      seen.push(String(request.headers.authorization))
      response.end('{}')
    })
    const url = await serve(t, (_, response) =>
      response.writeHead(302, { location: `${away}/api` }).end(),
    )
    const refused = await pull(await folder(t), 'hf:acme/small', { hub: url, hubToken: carried })
    assert.equal(codeOf(refused), 'unsafe-address')
    assert.deepEqual(seen, [])
  })

  test('what the Hub announces with a file is held against its list', async (t) => {
    const lies = [
      { 'x-linked-etag': `"${'0'.repeat(64)}"` },
      { 'x-linked-size': '299999' },
      { 'x-repo-commit': 'f'.repeat(40) },
    ]
    for (const said of lies) {
      const { url, seen } = await hub(t, { said })
      const refused = await pull(await folder(t), 'hf:acme/small:weights/model.safetensors', {
        hub: url,
      })
      assert.equal(codeOf(refused), 'source-disagrees', JSON.stringify(said))
      assert.ok(!seen.some((line) => line.startsWith('cdn')))
    }
    const { url } = await hub(t, {
      said: { 'x-linked-etag': `W/"${sha256(FILES[WEIGHTS] ?? Buffer.alloc(0))}"` },
    })
    value(await pull(await folder(t), `hf:acme/small:${WEIGHTS}`, { hub: url }))
  })

  test('a file kept in Xet comes by its SHA-256; one that has none is refused', async (t) => {
    const beside = await hub(t, { xet: 'beside' })
    value(await pull(await folder(t), 'hf:acme/small', { hub: beside.url }))
    const alone = await hub(t, { xet: 'alone' })
    const refused = await pull(await folder(t), 'hf:acme/small', { hub: alone.url })
    assert.equal(codeOf(refused), 'digest-not-stated')
  })

  test('a hub that limits requests says when to come back', async (t) => {
    const url = await serve(t, (_, response) =>
      response.writeHead(429, { 'retry-after': '17' }).end(),
    )
    const refused = await pull(await folder(t), 'hf:acme/small', { hub: url })
    assert.deepEqual(refused.ok ? null : [refused.error.code, refused.error.detail?.['seconds']], [
      'source-busy',
      17,
    ])
  })
})
