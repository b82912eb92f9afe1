import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shippedCatalogue } from './family.ts'
import { findFamily } from './find-family.ts'

/** Names as registries, services and files have them, and the row they stand for; null where they stand for several, or for none. */
const NAMES: Readonly<Record<string, string | null>> = {
  'llama3.1:70b': 'llama-3.1',
  'llama3.2:1b': 'llama-3.2-text',
  // text or vision: the vision models are not licensed to companies of the Union
  'llama3.2': null,
  'meta-llama/Llama-3.2-90B-Vision-Instruct': 'llama-3.2-vision',
  'llama3.2-vision': 'llama-3.2-vision',
  'meta-llama/Meta-Llama-3.1-8B-Instruct': 'llama-3.1',
  'Meta-Llama-3-8B-Instruct.Q4_K_M.gguf': 'llama-3',
  mistral: 'mistral-7b',
  'mistral:latest': 'mistral-7b',
  'mistral-small:22b': 'mistral-small-2409',
  'mistral-small3.2': 'mistral-small-3',
  'mistral-large-2411': 'mistral-large-2',
  'mistral-large-2512': 'mistral-large-3',
  // whichever is the newest: its licence changed from one to the next
  'mistral-large-latest': null,
  'mistral-small': null,
  'qwen2.5vl:7b': 'qwen-2.5-vl',
  'qwen2.5-coder:7b': 'qwen-2.5',
  'qwen3:8b': 'qwen-3',
  'deepseek-r1:70b': 'deepseek-r1',
  'deepseek-chat': null,
  gemma: 'gemma-1',
  'gemma2:9b': 'gemma-2',
  gemma3n: 'gemma-3',
  'granite3.3:8b': 'granite-3',
  'falcon:7b': 'falcon-1',
  'gpt-oss:20b': 'gpt-oss',
  'gpt-4o-mini': 'gpt-4',
  'gpt-5.2': 'gpt-5',
  'gpt-6': null,
  'claude-3-5-sonnet-latest': 'claude-3',
  'claude-sonnet-4-5': 'claude-4',
  'gemini-2.5-pro': 'gemini-2',
  'grok-3': 'grok-4',
  'o4-mini': 'openai-o',
  tinyllama: null,
  constructor: null,
}

test('a name of a registry, a service or a file stands for its row, and one that may be several for none', () => {
  for (const [name, id] of Object.entries(NAMES))
    assert.equal(findFamily(name)?.id ?? null, id, name)
})

test('no name stands for two rows', () => {
  const told = new Map<string, string>()
  for (const { id, names = [], exactNames = [], hubIds } of shippedCatalogue().families)
    for (const name of [id, ...names, ...exactNames, ...hubIds]) {
      const plain = name.toLowerCase()
      assert.equal(told.get(plain) ?? id, id, name)
      told.set(plain, id)
      assert.equal(findFamily(name)?.id, id, name)
    }
})

test('what runs R1 under the name of 70 billion is the distilled Llama, under the terms of Llama', () => {
  assert.equal(findFamily('deepseek-r1:70b')?.licence.id, 'llama-3.3')
  assert.equal(findFamily('deepseek-ai/DeepSeek-R1')?.licence.id, 'mit')
})
