import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Destination } from '#kernel/destination.ts'
import { lagOf } from '../vulnerabilities/lag.ts'
import { productOf } from '../vulnerabilities/products.ts'
import { compareVersions, isVersion } from '../vulnerabilities/version-order.ts'
import type { EngineView } from '../vulnerabilities/view.ts'
import { sampleDataSet } from '../data-sets/data-set.fixture.ts'
import { sampleDestination, sampleEngine, sampleOwnPart } from './stack.fixture.ts'
import { STACK_LAYERS, stackOf } from './stack.ts'

const destination = (more: Partial<Destination>): Destination =>
  sampleDestination({
    models: [
      { name: 'olmo', upstream: 'allenai/OLMo-2-1124-7B' },
      { name: 'mine', upstream: 'own-model', openness: 3 },
    ],
    ...more,
  })

const engine = (more: Partial<EngineView>): EngineView =>
  sampleEngine({ models: ['olmo'], exceeds: ['r'], ...more })

const own = [sampleOwnPart()]

const ASKED = [
  'vllm',
  'llama.cpp',
  'ollama',
  'sglang',
  'tgi',
  'tei',
  'infinity',
  'triton',
  'localai',
  'lm-studio',
  'litellm',
]

describe('stackOf', () => {
  const vendor = destination({ id: 'cloud', zone: 'api', jurisdiction: 'US', models: [] })
  const stack = stackOf({ destinations: [vendor, destination({})], engines: [engine({})], own })
  const named = (id: string) => stack.find((one) => one.id === id)

  test('puts each component in its layer, in the order of the layers', () => {
    const layers = stack.map(({ layer }) => STACK_LAYERS.indexOf(layer))
    deepEqual(
      layers,
      layers.toSorted((a, b) => a - b),
    )
    deepEqual(
      stack.map(({ kind }) => kind),
      ['model', 'model', 'vendor', 'engine', 'gateway'],
    )
  })

  test('an engine has its version, how far it is behind, its licence and what is known against it', () => {
    const { version, lag, licence, cvss, exceeds } = named('gpu') ?? {}
    deepEqual(
      [version, lag?.latest, lag?.behind, licence, cvss, exceeds],
      ['0.32.0', '0.33.0', 1, 'Apache-2.0', 7.5, ['r']],
    )
  })

  test('a model of the catalogue is graded with the reasons, another one is what somebody wrote, and a vendor is an API', () => {
    const olmo = named('gpu/olmo')?.openness
    equal(olmo?.basis, 'catalogue')
    ok(olmo?.level !== null && (olmo?.level ?? 0) >= 5)
    deepEqual(
      [named('gpu/mine')?.openness.basis, named('gpu/mine')?.openness.level],
      ['configured', 3],
    )
    deepEqual([named('cloud')?.openness.level, named('cloud')?.kind], [2, 'vendor'])
  })

  test('an adapter that an engine has loaded is a modification, under the licence of what it changes', () => {
    const adapters = [
      { name: 'legal-fr', base: 'allenai/OLMo-2-1124-7B' },
      { name: 'odd', base: null },
    ]
    const found = stackOf({
      destinations: [destination({})],
      engines: [engine({ adapters })],
      own: [],
    }).filter(({ layer }) => layer === 'modifications')
    deepEqual(
      found.map(({ id, kind, licence, detail, openness }) => [
        id,
        kind,
        licence,
        detail,
        openness.reasons,
      ]),
      [
        ['gpu/adapter/legal-fr', 'adapter', 'Apache-2.0', 'base olmo', ['own-data-unknown']],
        // two models there, and the engine does not say which of them it changes
        ['gpu/adapter/odd', 'adapter', null, 'base unknown', ['own-data-unknown']],
      ],
    )
  })

  test('a guard that is another model runs where that model runs, and one that nobody serves is absent', () => {
    const judge = (model: string) =>
      ({
        layer: 'tools',
        id: `judge:${model}`,
        name: model,
        kind: 'guard',
        version: null,
        licence: null,
        detail: 'second opinion, rules r',
        model,
      }) as const
    const [served, missing] = stackOf({
      destinations: [
        destination({ models: [{ name: 'olmo', upstream: 'allenai/OLMo-2-1124-7B' }] }),
      ],
      engines: [],
      own: [judge('olmo'), judge('nobody')],
    }).filter(({ layer }) => layer === 'tools')
    deepEqual(
      [served?.destination, served?.zone, served?.licence, served?.state, served?.openness.level],
      ['gpu', 'on-prem', 'Apache-2.0', 'enabled', 6],
    )
    deepEqual([missing?.destination, missing?.zone, missing?.state], [null, null, 'absent'])
  })

  test('a registered data set is in the layer of data, and tells what an adapter was tuned on', () => {
    const adapters = [
      { name: 'tickets-lora', base: null },
      { name: 'other-lora', base: null },
    ]
    const found = stackOf({
      destinations: [
        destination({ models: [{ name: 'olmo', upstream: 'allenai/OLMo-2-1124-7B' }] }),
      ],
      engines: [engine({ adapters })],
      own: [],
      dataSets: [
        sampleDataSet({
          models: [
            { model: 'tickets-lora', use: 'tuning' },
            { model: 'other-lora', use: 'evaluation' },
          ],
        }),
      ],
    })
    deepEqual(
      found.flatMap(({ kind, name, openness }) =>
        kind === 'adapter' ? [[name, openness.reasons]] : [],
      ),
      [
        ['tickets-lora', ['own-data-registered']],
        ['other-lora', ['own-data-unknown']],
      ],
    )
    const [data] = found
    deepEqual(
      [data?.layer, data?.id, data?.kind, data?.version, data?.detail],
      [
        'data',
        'dataset:tickets@2026-06',
        'dataset',
        '2026-06',
        'tuning tickets-lora, evaluation other-lora',
      ],
    )
  })

  test('a gateway of somebody else is in the layer of APIs', () => {
    const [, , other] = stackOf({
      destinations: [destination({})],
      engines: [engine({ product: 'litellm' })],
      own: [],
    })
    equal(other?.layer, 'api')
  })
})

describe('where weights stand', () => {
  const DIGEST = 'ab'.repeat(32)
  const served = (more: object) => ({ name: 'm', upstream: 'm', ...more })
  const facts = {
    state: 'verified',
    since: 1,
    by: 'person',
    evidence: 'digest',
    licence: 'allow',
    exceptions: [],
    record: 'cd'.repeat(32),
  } as const
  const weightsOf = (model: object, zone: Destination['zone'] = 'on-prem') =>
    stackOf({
      destinations: [sampleDestination({ zone, models: [served(model)] })],
      engines: [],
      own: [],
      weights: {
        admission: (digest) => (digest === DIGEST ? facts : null),
        notFor: (standing) => (standing === 'approved' ? [] : ['restricted']),
      },
    })[0]?.weights

  test('a model has what is recorded under its digest, and the classes that ask for more', () => {
    const known = { weights: 'verified', attested: 'reported', digest: DIGEST }
    deepEqual(weightsOf(known), {
      standing: 'verified',
      stopped: null,
      attested: 'reported',
      digest: DIGEST,
      admission: facts,
      notFor: ['restricted'],
    })
    deepEqual(weightsOf({ ...known, weights: 'approved' })?.notFor, [])
    equal(weightsOf({ digest: 'ef'.repeat(32), stopped: 'revoked' })?.stopped, 'revoked')
  })

  test('weights here of which nobody says anything are unverified, those of others are not spoken of', () => {
    deepEqual(weightsOf({})?.standing, 'unverified')
    equal(weightsOf({})?.admission, null)
    equal(weightsOf({}, 'api'), null)
    equal(weightsOf({ weights: 'verified' }, 'managed')?.standing, 'verified')
  })
})

describe('lagOf', () => {
  test('is known for every engine that can be asked for its version, newest release first', () => {
    for (const id of ASKED) {
      const product = productOf(id)
      ok(product?.releases, id)
      const versions = product.releases.versions.map(({ version }) => version)
      for (const [at, version] of versions.entries()) {
        ok(isVersion(product.scheme, version), `${id} ${version}`)
        const older = versions[at + 1]
        if (older !== undefined) equal(compareVersions(product.scheme, version, older), 1, version)
      }
      equal(lagOf(product, versions[0] ?? null)?.behind, 0, id)
    }
  })

  test('counts the releases between, and says nothing of versions nobody can place', () => {
    const vllm = productOf('vllm')
    ok(vllm)
    equal(lagOf(vllm, '0.33.0')?.behind, 0)
    equal(lagOf(vllm, '0.31.0')?.behind, 2)
    equal(lagOf(vllm, null)?.behind, null)
    equal(lagOf(vllm, '0.0.9')?.behind, null)
    const triton = productOf('triton')
    ok(triton)
    equal(lagOf(triton, '26.10')?.behind, 0)
    // by the number that it tells of itself
    equal(lagOf(triton, '2.59.0')?.behind, lagOf(triton, '25.06')?.behind)
    equal(lagOf(triton, '2.99.0')?.behind, null)
    const llamafile = productOf('llamafile')
    equal(llamafile && lagOf(llamafile, '0.9.0'), null)
  })
})
