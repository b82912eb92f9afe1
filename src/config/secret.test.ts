import { equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { format, inspect } from 'node:util'
import { Secret } from './secret.ts'

describe('a Secret', () => {
  const value = ['correct', 'horse', 'battery'].join('-')
  const secret = new Secret(value)

  test('is handed out by reveal()', () => {
    equal(secret.reveal(), value)
  })

  test('shows in no other way', () => {
    const shown = [
      String(secret),
      ''.concat(...[secret].map(String)),
      [secret].join(),
      JSON.stringify({ secret, list: [secret] }),
      inspect(secret, { depth: 9, showHidden: true }),
      inspect({ nested: { secret } }, { customInspect: false, showHidden: true, depth: 9 }),
      format('%s %o %O %j', secret, secret, secret, secret),
      Object.values(secret).join(),
      JSON.stringify(Object.getOwnPropertyDescriptors(secret)),
      JSON.stringify(Object.assign({}, secret)),
      JSON.stringify(structuredClone(secret)),
      new Error('failed', { cause: secret }).stack ?? '',
      inspect(new Map([['k', secret]])),
    ]
    for (const text of shown) equal(text.includes('horse'), false, text)
  })
})
