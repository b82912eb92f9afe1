import { deepEqual } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { discovered, type LocalModel } from './local-server.ts'

describe('a discovered server', () => {
  const names = (...models: readonly Omit<LocalModel, 'zone'>[]) =>
    discovered(
      'x',
      1,
      models.map((model) => ({ ...model, zone: 'device' })),
    ).models.map(({ name }) => name)

  test('serves each name once, the first wins', () => {
    deepEqual(names({ upstream: 'a', name: 'n' }, { upstream: 'b', name: 'n' }), ['n'])
  })

  test('leaves out names that no configuration or terminal should carry', () => {
    const odd = ['', ' a', 'a\n', 'a\u202eb', 'a\u001b[2J', 'x'.repeat(201)]
    deepEqual(names(...odd.map((upstream) => ({ upstream })), { upstream: 'é/b:c' }), ['é/b:c'])
    deepEqual(names(...odd.map((upstream) => ({ upstream, name: 'fine' }))), [])
  })
})
