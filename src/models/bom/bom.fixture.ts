import { ok } from 'node:assert/strict'
import type { Destination } from '#kernel/destination.ts'
import type { AdmissionFacts } from '../admission/facts.ts'
import { assessedEngine, sampleDestination, sampleOwnPart } from '../stack/stack.fixture.ts'
import { stackOf } from '../stack/stack.ts'
import type { DataSet } from '../data-sets/data-set.ts'
import type { VexStatement } from '../vulnerabilities/vex.ts'
import { inventoryOf, type Inventory } from './inventory.ts'
import { ownPackages } from './own-packages.ts'

/** Of the file on board. */
export const DIGEST = 'ab'.repeat(32)

const destinations: readonly Destination[] = [
  sampleDestination({
    id: 'embedded',
    address: { kind: 'socket', path: '/x' },
    zone: 'device',
    origin: 'embedded',
    models: [{ name: 'smollm2-135m-instruct', upstream: 'smollm2-135m-instruct', digest: DIGEST }],
  }),
  sampleDestination({
    models: [
      { name: 'llama', upstream: 'meta-llama/Llama-3.3-70B-Instruct' },
      { name: 'own "model"\u0007 é', upstream: 'no-such' },
    ],
  }),
  sampleDestination({
    id: 'cloud',
    address: { kind: 'url', baseUrl: 'https://cloud.example/v1' },
    zone: 'api',
    jurisdiction: 'US',
    clearance: 'public',
    models: [{ name: 'gpt-5', upstream: 'gpt-5', licence: '(MIT OR Apache-2.0)' }],
  }),
]

const vex: VexStatement = {
  schema: 'ecluse-vex/1',
  vulnerabilities: ['CVE-2026-22778'],
  product: 'vllm',
  version: null,
  state: 'not_affected',
  justification: 'inline_mitigations_already_exist',
  statement: 'No images are let through.',
  author: 'security',
  timestamp: '2026-11-01T00:00:00Z',
  source: 'test',
}

const own = ownPackages()

/** A model on board, an engine of ours in a version, and a vendor, all in the store and the catalogue as they would be. */
export function sampleInventory(
  version: string | null,
  admission: AdmissionFacts | null = null,
  dataSets: readonly DataSet[] = [],
): Inventory {
  ok(own)
  const engines = [
    assessedEngine('embedded', 'llama.cpp', 'v0.4.0', [vex]),
    {
      ...assessedEngine('gpu', 'vllm', version, [vex]),
      adapters: [{ name: 'llama', base: 'llama' }],
    },
  ]
  const database = { layer: 'data', id: 'store', name: 'SQLite', kind: 'store' } as const
  const judge = {
    layer: 'tools',
    id: 'judge:llama',
    name: 'llama',
    kind: 'guard',
    model: 'llama',
  } as const
  const parts = [
    sampleOwnPart({ ...database, version: '3.53.4', licence: 'blessing' }),
    sampleOwnPart({ ...judge, version: null, licence: null }),
  ]
  return inventoryOf({
    at: '2026-11-22T09:00:00.000Z',
    id: '3e671687-395b-41f5-a30f-a58921a69b79',
    engines,
    own,
    dataSets,
    stack: stackOf({
      dataSets,
      destinations,
      engines,
      own: parts,
      weights: { admission: () => admission, notFor: () => ['restricted'] },
    }),
    manifests: [
      {
        name: 'smollm2-135m-instruct',
        aliases: [],
        files: [],
        aliasDigests: [],
        attested: false,
        digest: DIGEST,
        bytes: 1,
        format: 'gguf',
        source: {
          kind: 'hugging-face',
          reference: `https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct-GGUF/resolve/${'c'.repeat(40)}/x.gguf`,
        },
        pulledAt: '2026-11-22T08:00:00.000Z',
        architecture: 'llama',
        parameters: 135_000_000,
        quantisation: 'Q4_1',
        contextTokens: 8192,
        licence: 'Apache-2.0',
        openness: 6,
      },
    ],
  })
}
