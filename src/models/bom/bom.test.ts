import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { z } from 'zod'
import { signerOf } from '#ledger/evidence/signing.ts'
import type { JsonObject } from '#kernel/canonical-json.ts'
import type { AdmissionFacts } from '../admission/facts.ts'
import { DIGEST, sampleInventory } from './bom.fixture.ts'
import { CYCLONEDX_VERSIONS, cycloneDx, type CycloneDxVersion } from './cyclonedx.ts'
import { diffBoms } from './diff-boms.ts'
import { licencesOf } from './licences-of.ts'
import { checkSignature, signedText, withSignature } from './signed-bom.ts'

const bomWith = (
  version: string | null,
  spec: CycloneDxVersion = '1.6',
  admission: AdmissionFacts | null = null,
): JsonObject => cycloneDx(sampleInventory(version, admission), spec)

const Shape = z.looseObject({
  components: z.array(
    z.looseObject({
      'bom-ref': z.string(),
      type: z.string(),
      purl: z.string().optional(),
      hashes: z.array(z.object({ alg: z.string(), content: z.string() })).optional(),
      modelCard: z.looseObject({}).optional(),
    }),
  ),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
  vulnerabilities: z.array(
    z.looseObject({ id: z.string(), analysis: z.looseObject({ state: z.string() }) }),
  ),
  metadata: z.looseObject({ component: z.looseObject({ 'bom-ref': z.string() }) }),
})

describe('cycloneDx', () => {
  for (const spec of CYCLONEDX_VERSIONS) {
    test(`holds to the strict schema of ${spec}, signed as well`, async () => {
      const validator = new Validation.JsonStrictValidator(
        spec === '1.6' ? Spec.Version.v1dot6 : Spec.Version.v1dot7,
      )
      const bom = bomWith('0.13.0', spec)
      equal(await validator.validate(JSON.stringify(bom)), null)
      equal(await validator.validate(JSON.stringify(bomWith(null, spec))), null)
      equal(
        await validator.validate(
          JSON.stringify(withSignature(bom, 'ab'.repeat(32), 'cd'.repeat(64))),
        ),
        null,
      )
      // the validator does refuse what is wrong
      notEqual(await validator.validate(JSON.stringify({ ...bom, made: 'up' })), null)
    })
  }

  test('has models with their digests and cards, data, engines, packages, and every reference leads somewhere', () => {
    const bom = Shape.parse(bomWith('0.13.0'))
    const of = (ref: string) => bom.components.find((one) => one['bom-ref'] === ref)
    const small = of('model:embedded/smollm2-135m-instruct')
    deepEqual(small?.hashes, [{ alg: 'SHA-256', content: DIGEST }])
    equal(small?.purl, `pkg:huggingface/HuggingFaceTB/SmolLM2-135M-Instruct-GGUF@${'c'.repeat(40)}`)
    match(JSON.stringify(small?.modelCard), /"ref":"data:/)
    // found by the name the server knows it by, not by what callers say
    match(JSON.stringify(of('model:gpu/llama')?.modelCard), /"ref":"data:llama-3/)
    equal(of('engine:gpu')?.purl, 'pkg:pypi/vllm@0.13.0')
    equal(of('engine:embedded')?.purl, 'pkg:github/ggml-org/llama.cpp@v0.4.0')
    const fastify = bom.components.find(({ purl }) => purl?.startsWith('pkg:npm/fastify@') === true)
    match(fastify?.hashes?.[0]?.content ?? '', /^[0-9a-f]{128}$/)
    const refs = new Set([
      ...bom.components.map((one) => one['bom-ref']),
      bom.metadata.component['bom-ref'],
    ])
    equal(refs.size, bom.components.length + 1)
    for (const { ref, dependsOn } of bom.dependencies) {
      for (const one of [ref, ...dependsOn]) ok(refs.has(one), one)
    }
  })

  test('says of a flaw what somebody found out', () => {
    const { vulnerabilities } = Shape.parse(bomWith('0.13.0'))
    const states = new Map(vulnerabilities.map(({ id, analysis }) => [id, analysis]))
    deepEqual(states.get('CVE-2026-22778'), {
      state: 'not_affected',
      justification: 'protected_by_mitigating_control',
      detail: 'No images are let through.',
      lastUpdated: '2026-11-01T00:00:00.000Z',
    })
    equal(states.get('CVE-2026-48746')?.state, 'in_triage')
  })

  test('an adapter is a model of its own beside what it changes, and a model that judges others is there once', () => {
    const { components, dependencies } = Shape.parse(bomWith('0.13.0'))
    const refs = components.map((one) => one['bom-ref'])
    equal(new Set(refs).size, refs.length)
    const adapter = components.find((one) => one['bom-ref'] === 'model:gpu/adapter/llama')
    equal(adapter?.type, 'machine-learning-model')
    match(JSON.stringify(adapter), /"ecluse:adapter","value":"base llama"/)
    ok(
      dependencies.some(
        ({ ref, dependsOn }) =>
          ref === 'engine:gpu' && dependsOn.includes('model:gpu/adapter/llama'),
      ),
    )
    ok(!refs.some((ref) => ref.includes('judge:')))
  })

  test('says of each model where its weights stand, which kind of who decided, and until when exceptions hold', async () => {
    const facts: AdmissionFacts = {
      state: 'approved',
      since: Date.parse('2026-11-02T00:00:00Z'),
      by: 'person',
      evidence: 'signature',
      licence: 'allow',
      exceptions: [{ kinds: ['pickle', 'code'], until: Date.parse('2027-03-01T00:00:00Z') }],
      record: 'cd'.repeat(32),
    }
    const admitted = bomWith('0.13.0', '1.6', facts)
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
    equal(await validator.validate(JSON.stringify(admitted)), null)
    const text = JSON.stringify(admitted)
    for (const [name, value] of [
      ['admission', 'approved'],
      ['admission:since', '2026-11-02T00:00:00.000Z'],
      ['admission:by', 'person'],
      ['admission:evidence', 'signature'],
      ['admission:licence', 'allow'],
      ['admission:record', 'cd'.repeat(32)],
      ['admission:exceptions', 'pickle+code until 2027-03-01T00:00:00.000Z'],
      ['weights:not-for', 'restricted'],
    ])
      ok(text.includes(`{"name":"ecluse:${name}","value":"${value}"}`), name)
    // a model of which nothing is recorded says so, and one that others run says nothing
    ok(text.includes('{"name":"ecluse:admission","value":"not recorded"}'))
    const suspended = bomWith('0.13.0', '1.6', { ...facts, state: 'suspended', by: 'system' })
    const [change, ...others] = diffBoms(admitted, suspended) ?? []
    deepEqual([change?.ref, others], ['model:embedded/smollm2-135m-instruct', []])
    deepEqual(change?.values, [
      { name: 'ecluse:admission', before: 'approved', after: 'suspended' },
      { name: 'ecluse:admission:by', before: 'person', after: 'system' },
    ])
  })

  test('licences are identifiers, expressions of them, or names', () => {
    deepEqual(licencesOf('MIT'), [{ license: { id: 'MIT' } }])
    deepEqual(licencesOf('(MIT OR Apache-2.0)'), [{ expression: '(MIT OR Apache-2.0)' }])
    deepEqual(licencesOf('SEE LICENSE IN x'), [{ license: { name: 'SEE LICENSE IN x' } }])
    deepEqual(licencesOf(null), [])
  })
})

describe('signatures', () => {
  const signer = signerOf(new Uint8Array(32).fill(7))
  const key = Buffer.from(signer.key).toString('hex')
  const sign = (bom: JsonObject): JsonObject =>
    withSignature(bom, key, Buffer.from(signer.sign(signedText(bom, key))).toString('hex'))

  test('hold, also after the document was written otherwise, and break with one changed word', () => {
    const bom = sign(bomWith('0.13.0'))
    deepEqual(checkSignature(bom), { state: 'holds', key })
    const again = JSON.parse(
      JSON.stringify(Object.fromEntries(Object.entries(bom).toReversed()), null, 4),
    )
    equal(checkSignature(again).state, 'holds')
    equal(checkSignature({ ...bom, version: 2 }).state, 'broken')
    equal(checkSignature({ ...bom, more: 1 }).state, 'broken')
    equal(checkSignature(bomWith('0.13.0')).state, 'unsigned')
    // nothing may be left out of what is signed
    const Signed = z.looseObject({ signature: z.record(z.string(), z.json()) })
    const { signature } = Signed.parse(bom)
    const loose = { ...bom, signature: { ...signature, excludes: ['components'] } }
    equal(checkSignature(loose).state, 'unsigned')
  })

  test('can be checked by a program that knows nothing of this one', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'bom-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'bom.json')
    const script = new URL('../../../scripts/verify-bom.mjs', import.meta.url).pathname
    const bom = sign(bomWith('0.13.0'))
    writeFileSync(file, JSON.stringify(bom, null, 2))
    match(
      execFileSync(process.execPath, [script, file, '--key', key], { encoding: 'utf8' }),
      /^signed by/,
    )
    equal(spawnSync(process.execPath, [script, file, '--key', 'ab'.repeat(32)]).status, 1)
    writeFileSync(file, JSON.stringify({ ...bom, version: 2 }))
    equal(spawnSync(process.execPath, [script, file]).status, 1)
  })
})

describe('diffBoms', () => {
  test('tells what came, went and changed between two times', () => {
    const changes = diffBoms(bomWith('0.13.0'), bomWith('0.33.0')) ?? []
    const engine = changes.find(({ ref }) => ref === 'engine:gpu')
    deepEqual([engine?.change, engine?.fields], ['changed', ['properties', 'purl', 'version']])
    ok(
      changes.some(
        ({ change, ref }) => change === 'removed' && ref === 'vulnerability:CVE-2026-48746:gpu',
      ),
    )
    deepEqual(diffBoms(bomWith('0.13.0'), bomWith('0.13.0')), [])
    equal(diffBoms({}, bomWith(null)), null)
  })
})
