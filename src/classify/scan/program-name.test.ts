import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleShape, seeded } from '../testing/sample-shape.ts'
import { isProgramName } from './program-name.ts'

test('names of programs are told from keys', () => {
  for (const name of [
    'createPrivateKey',
    'X509CredentialOptions',
    'X509Credential',
    'this.options.apiKey',
    'CLIENT_PRIVATE_KEY_PEM',
    'k8sServiceAccountTokenProvider',
    'token-counting-2024-11-01',
    'ED25519KeyPairKeyObjectOptions',
    'ranks/o200k_base',
  ])
    assert.ok(isProgramName(name), name)
  const random = seeded(7)
  const keys = Array.from({ length: 2_000 }, () => sampleShape('[A-Za-z\\d]{32}', random))
  assert.ok(keys.filter(isProgramName).length <= 2)
  assert.ok(!isProgramName('QYLPMN5HHHFPZAM2'))
  assert.ok(!isProgramName('k3m9x7q2w8e4r6t1y5u0'))
})
