import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { err, ok as found } from '#kernel/result.ts'
import { loadConfig } from './load.ts'

const TOKEN = ['hf', 'made', 'here'].join('_')

/** The token that a configuration gives, or the codes of what is wrong with it. */
function tokenOf(
  env: Record<string, string>,
  text = '',
  files: Record<string, string> = {},
): string | null | readonly string[] {
  const loaded = loadConfig({
    flags: { config: '/etc/ecluse.yaml' },
    env,
    home: '/home/ada',
    readFile: (path) => {
      const content = path === '/etc/ecluse.yaml' ? text : files[path]
      return content === undefined
        ? err('missing')
        : found({ bytes: new TextEncoder().encode(content), mode: 0o600 })
    },
  })
  if (!loaded.ok) return loaded.error.map(({ code }) => code)
  ok(!JSON.stringify(loaded.value.models).includes(TOKEN))
  return loaded.value.models.hubToken?.reveal() ?? null
}

describe('the token of the Hub', () => {
  test('comes from the file, else from where the tools of the Hub keep it', () => {
    equal(tokenOf({}), null)
    equal(tokenOf({ HF_TOKEN: ` ${TOKEN}\n` }), TOKEN)
    equal(tokenOf({ HUGGING_FACE_HUB_TOKEN: TOKEN }), TOKEN)
    equal(tokenOf({ HF_TOKEN_PATH: '/run/t' }, '', { '/run/t': TOKEN }), TOKEN)
    equal(tokenOf({ HF_HOME: '/hf' }, '', { '/hf/token': TOKEN }), TOKEN)
    equal(tokenOf({ XDG_CACHE_HOME: '/c' }, '', { '/c/huggingface/token': TOKEN }), TOKEN)
    equal(tokenOf({}, '', { '/home/ada/.cache/huggingface/token': `${TOKEN}\n` }), TOKEN)
    const named = 'models: {hub_token: "${env:OURS}"}'
    equal(tokenOf({ OURS: TOKEN, HF_TOKEN: 'other' }, named), TOKEN)
    deepEqual(tokenOf({ HF_TOKEN: TOKEN }, named), ['missing-variable'])
    deepEqual(tokenOf({}, `models: {hub_token: ${TOKEN}}`), ['literal-secret'])
  })

  test('that the tools of the Hub keep goes to no mirror, and to nobody where that is switched off', () => {
    const mirror = 'models: {hub: "https://hub.acme.example", hub_token: "${env:OURS}"}'
    equal(tokenOf({ HF_TOKEN: TOKEN }, 'models: {hub: "https://hub.acme.example"}'), null)
    equal(tokenOf({ OURS: TOKEN }, mirror), TOKEN)
    equal(tokenOf({ HF_TOKEN: TOKEN, HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' }), null)
    equal(tokenOf({ HF_TOKEN: 'two words' }), null)
  })
})
