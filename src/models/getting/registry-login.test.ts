import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { filesOf } from '../store/manifest.ts'
import { describePullFailure } from '../pull/pull-messages.ts'
import type { PullPorts } from '../pull/pull-ports.ts'
import { findLogin } from './registry-logins.ts'
import { readOllamaReference, readRegistryReference } from './registry-reference.ts'
import { codeOf, folder, ports, pull, value } from './testing/get.ts'
import { registry, type TestLayer } from './testing/registry.ts'

/** Put together at run time: it must be seen nowhere. */
const PASSWORD = ['synthetic', 'pass', 'word'].join('-')
const LOGIN = `ada:${PASSWORD}`
const AUTH = Buffer.from(LOGIN).toString('base64')

const LAYER: TestLayer = [
  'application/vnd.cncf.model.weight.v1.raw',
  Buffer.from('w'),
  { 'org.cncf.model.filepath': 'm.safetensors' },
]

async function logins(t: TestContext, content: unknown): Promise<string> {
  const file = join(await folder(t), 'config.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

void describe('logins of registries', () => {
  test('open what is private, by token or by password, and go to the registry alone', async (t) => {
    for (const scheme of ['bearer', 'basic'] as const) {
      const made = await registry(t, [LAYER], { login: LOGIN, scheme, elsewhere: true })
      const file = await logins(t, { auths: { [made.host]: { auth: AUTH } } })
      const pulled = await pull(await folder(t), `oci:${made.host}/library/small`, {
        registryLogins: [join(file, 'absent'), file],
      })
      assert.ok(!JSON.stringify(value(pulled)).includes(PASSWORD))
      assert.deepEqual(
        made.seen.filter((line) => line.startsWith('cdn')),
        ['cdn -'],
      )
    }
  })

  test('that are missing, wrong or kept by another program are told apart', async (t) => {
    const made = await registry(t, [LAYER], { login: LOGIN })
    const { host } = made
    const wrong = Buffer.from('ada:no').toString('base64')
    const cases = [
      [{}, 'login-needed'],
      ['no json', 'login-needed'],
      [{ auths: { [host]: { auth: wrong } } }, 'login-refused'],
      [{ auths: { [host]: {} }, credsStore: 'desktop' }, 'login-in-helper'],
      [{ credHelpers: { [host]: 'gcloud' } }, 'login-in-helper'],
      [{ auths: { [host]: { auth: AUTH, identitytoken: 'x' } } }, 'login-refused'],
    ] as const
    for (const [content, code] of cases) {
      const refused = await pull(await folder(t), `oci:${host}/library/small`, {
        registryLogins: [await logins(t, content)],
      })
      assert.equal(codeOf(refused), code, JSON.stringify(content))
      if (refused.ok) continue
      for (const language of ['en', 'fr'] as const) {
        const { message, remedy } = describePullFailure(refused.error, language)
        assert.ok(!`${message}${remedy}`.includes(PASSWORD))
        assert.ok(!message.includes('?'))
      }
    }
  })

  test('by an identity token are exchanged for tokens, as often as one runs out, and it is shown nowhere', async (t) => {
    const identity = ['synthetic', 'identity', 'token'].join('.')
    const layers = Array.from({ length: 6 }, (_, at): TestLayer => [
      'application/vnd.cncf.model.weight.v1.raw',
      Buffer.from(`w${at}`),
      { 'org.cncf.model.filepath': `${at}.safetensors` },
    ])
    const { host, seen } = await registry(t, layers, { identity, tokenLasts: 3, elsewhere: true })
    // as Azure's tools write it: a user of zeros without a password beside the token
    const auth = Buffer.from('00000000-0000-0000-0000-000000000000:').toString('base64')
    const given = async (identitytoken: string) => ({
      registryLogins: [await logins(t, { auths: { [host]: { auth, identitytoken } } })],
    })
    const reference = `oci:${host}/library/small`
    const pulled = value(await pull(await folder(t), reference, await given(identity)))
    assert.equal(filesOf(pulled).length, 6)
    assert.ok(seen.filter((line) => line.startsWith('/token')).length >= 2)
    assert.ok(!seen.join().includes(identity))
    assert.ok(!seen.some((line) => line.startsWith('cdn Bearer')))
    const refused = await pull(await folder(t), reference, await given('another'))
    assert.equal(codeOf(refused), 'login-refused')
  })

  test('a token that runs out is asked for again in the middle of a pull', async (t) => {
    const layers = Array.from({ length: 9 }, (_, at): TestLayer => [
      'application/vnd.cncf.model.weight.v1.raw',
      Buffer.from(`w${at}`),
      { 'org.cncf.model.filepath': `${at}.safetensors` },
    ])
    const { host, seen } = await registry(t, layers, { tokenLasts: 4 })
    const pulled = value(await pull(await folder(t), `oci:${host}/library/small`))
    assert.equal(filesOf(pulled).length, 9)
    assert.ok(seen.filter((line) => line.startsWith('/token')).length >= 3)
  })

  test('the most exact entry counts, whatever form its key has', async (t) => {
    const file = await logins(t, {
      auths: {
        'https://index.docker.io/v1/': { auth: Buffer.from('hub:x').toString('base64') },
        'ghcr.io': { auth: Buffer.from('all:x').toString('base64') },
        'ghcr.io/acme': { username: 'acme', password: 'x' },
        'broken.example': { auth: 'bm9jb2xvbg==' },
      },
    })
    const userFor = async (host: string, name: string): Promise<string | null> => {
      const found = await findLogin([file], host, name)
      return found?.kind === 'login'
        ? (Buffer.from(found.basic, 'base64').toString().split(':')[0] ?? null)
        : null
    }
    assert.equal(await userFor('docker.io', 'ai/smollm2'), 'hub')
    assert.equal(await userFor('ghcr.io', 'acme/model'), 'acme')
    assert.equal(await userFor('ghcr.io', 'other/model'), 'all')
    assert.equal(await userFor('broken.example', 'a/b'), null)
    assert.equal(await userFor('quay.io', 'a/b'), null)
  })

  test('a registry elsewhere cannot send a login to this machine', async (t) => {
    const asked: string[] = []
    const through: PullPorts = {
      ...ports,
      get: async (url) => {
        asked.push(url.href)
        return {
          status: 401,
          headers: { 'www-authenticate': 'Bearer realm="http://127.0.0.1:9/token"' },
          body: (async function* () {})(),
          discard: async () => undefined,
        }
      },
    }
    const refused = await pull(await folder(t), 'oci:models.acme.example/a/b', {}, through)
    assert.equal(codeOf(refused), 'login-needed')
    assert.deepEqual(asked, ['https://models.acme.example/v2/a/b/manifests/latest'])
  })
})

test('names of registries are read as Docker and Ollama read them', () => {
  const read = (text: string): string | null => {
    const found = readRegistryReference(text)
    return found && `${found.registry} ${found.host}/${found.name} ${found.reference}`
  }
  const hub = 'https://registry-1.docker.io docker.io'
  assert.equal(read('docker.io/ai/smollm2:135M-Q4_K_M'), `${hub}/ai/smollm2 135M-Q4_K_M`)
  assert.equal(read('ai/smollm2'), `${hub}/ai/smollm2 latest`)
  assert.equal(read('index.docker.io/smollm2'), `${hub}/library/smollm2 latest`)
  assert.equal(read('ghcr.io/acme/m:1'), 'https://ghcr.io ghcr.io/acme/m 1')
  const digest = `sha256:${'a'.repeat(64)}`
  assert.equal(
    read(`localhost:5000/m:1@${digest}`),
    `http://localhost:5000 localhost:5000/m ${digest}`,
  )
  for (const bad of [
    '',
    'GHCR.io/Acme',
    'a b',
    'ghcr.io/',
    'ghcr.io/a//b@x',
    `ghcr.io/${'a'.repeat(300)}`,
  ])
    assert.equal(readRegistryReference(bad), null, bad)
  const ollama = (text: string) => readOllamaReference(text, 'https://registry.ollama.ai')
  assert.equal(ollama('smollm2:135m')?.name, 'library/smollm2')
  assert.equal(ollama('registry.ollama.ai/library/smollm2')?.name, 'library/smollm2')
  assert.equal(ollama('acme/m:1')?.name, 'acme/m')
  assert.equal(ollama('a/b/c'), null)
})
