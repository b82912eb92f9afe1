import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findModel } from '../store/find-model.ts'
import { EMBEDDER, STARTER, starterModelDir } from './starter-model.fixture.ts'
import { shippedStarterModels, starterNamed } from './starter-models.ts'
import { verifyBlob } from '../store/verify-blob.ts'

test('the shipped table is well formed, and no two rows answer to one name', () => {
  const rows = shippedStarterModels()
  const names = rows.flatMap(({ name, aliases }) => [name, ...aliases])
  assert.equal(new Set(names).size, names.length)
  assert.equal(starterNamed(rows, 'smollm2')?.name, STARTER)
})

test('the starter model is what the table says', async (t) => {
  const models = await starterModelDir()
  if ('skip' in models) return t.skip(models.skip)
  const manifest = await findModel(models.dir, 'smollm2')
  assert.ok(manifest)
  assert.equal(manifest.name, STARTER)
  assert.equal(manifest.bytes, 98_362_432)
  assert.equal(manifest.quantisation, 'Q4_1')
  assert.equal(manifest.contextTokens, 8192)
  assert.equal(manifest.parameters, 134_515_008)
  assert.equal(manifest.licence, 'Apache-2.0')
  assert.equal(await verifyBlob(models.dir, manifest.digest), 'verified')
})

test('the starter model for embeddings, converted here, is the pinned bytes', async (t) => {
  const models = await starterModelDir(undefined, EMBEDDER)
  if ('skip' in models) return t.skip(models.skip)
  const manifest = await findModel(models.dir, 'all-minilm')
  assert.ok(manifest)
  assert.equal(manifest.architecture, 'bert')
  assert.equal(manifest.quantisation, 'F16')
  assert.equal(manifest.contextTokens, 512)
  // without the pooler, which sentence vectors do not use
  assert.equal(manifest.parameters, 22_565_376)
  assert.equal(await verifyBlob(models.dir, manifest.digest), 'verified')
})
