import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EngineView } from '#gateway/ports.ts'
import { engineLine } from './engine-line.ts'

const line = (language: 'en' | 'fr', progress: EngineView['progress']): string =>
  engineLine(
    { state: 'pulling', model: 'small', progress, problem: null },
    { say: (said) => said[language] },
  )

test('a model on its way is told with figures only where there are some', () => {
  for (const progress of [null, { done: 0, total: null }, { done: 0, total: 98_362_432 }]) {
    assert.equal(line('en', progress), 'Fetching the model small; the gateway already answers.')
    assert.equal(line('fr', progress), 'Récupération du modèle small ; la passerelle répond déjà.')
  }
  assert.equal(
    line('en', { done: 12_000_000, total: 98_362_432 }),
    'Fetching the model small: 12 % (12.0 MB / 98.4 MB); the gateway already answers.',
  )
  assert.equal(
    line('fr', { done: 12_000_000, total: null }),
    'Récupération du modèle small : 12.0 MB ; la passerelle répond déjà.',
  )
})
