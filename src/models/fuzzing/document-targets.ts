import { generateKeyPairSync, sign } from 'node:crypto'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { diffBoms } from '../bom/diff-boms.ts'
import { checkSignature, signedText, withSignature } from '../bom/signed-bom.ts'
import { fingerprintsOf } from '../licences/fingerprint.ts'
import { recognise } from '../licences/recognise.ts'
import { cardTags, claimsOf } from '../licences/read-claims.ts'
import { filesOfManifest, RegistryManifest } from '../getting/registry-manifest.ts'
import { readOllamaReference, readRegistryReference } from '../getting/registry-reference.ts'
import { readHubReference } from '../getting/hub-plan.ts'
import { OSAI_CRITERIA, parseImported } from '../openness-index/index-file.ts'
import { readIndexFile } from '../openness-index/read-index-file.ts'
import { PullError } from '../pull/pull-failure.ts'
import { scoreVector } from '../vulnerabilities/cvss.ts'
import { readDocument } from '../vulnerabilities/import/read-document.ts'
import type { FuzzTarget } from './fuzz-target.ts'
import {
  CARD,
  CVE,
  CSAF,
  CYCLONEDX_VEX,
  LICENCE_TEXT,
  OPENVEX,
  ORIGIN,
  OSV,
  REGISTRY,
  VECTORS,
} from './document-seeds.ts'

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

/** The value of a text as whoever calls the reader makes it; `undefined` where it is no JSON, as they say then. */
function valueOf(input: Buffer): unknown {
  try {
    return JSON.parse(input.toString('utf8'))
  } catch {
    return undefined
  }
}

const documents = (name: string, seeds: readonly unknown[]): FuzzTarget => ({
  name: `import: ${name}`,
  shape: 'json',
  seeds: seeds.map(json),
  run: (input) => readDocument(valueOf(input), ORIGIN)?.kind ?? 'none',
})

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function signedBill(): JsonObject {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex')
  const bill: JsonObject = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: [{ type: 'library', name: 'a', version: '1', 'bom-ref': 'a' }],
  }
  const signature = sign(null, Buffer.from(signedText(bill, key)), privateKey).toString('hex')
  return withSignature(bill, key, signature)
}

const bills = (): FuzzTarget => {
  const bill = signedBill()
  return {
    name: 'bill of materials: signature and comparison',
    shape: 'json',
    seeds: [json(bill)],
    run(input) {
      const value = valueOf(input)
      diffBoms(bill, value)
      if (!isObject(value)) return 'none'
      const { state } = checkSignature(value)
      // what holds says the same as what was signed; order and spelling of JSON are no part of it
      if (state === 'holds' && diffBoms(bill, value)?.length !== 0) throw new Error('forged')
      return state
    },
  }
}

const openness = (): FuzzTarget => {
  const text = [
    'system: {name: Brume, link: "https://huggingface.co/acme/brume-7b", basemodelname: Brume-base,',
    '  endmodelname: Brume-7B, endmodellicense: Apache-2.0, releasedate: 2026-02}',
    'org: {name: Acme}',
    ...OSAI_CRITERIA.map((one) => `${one}: {class: open, link: , notes: }`),
  ].join('\n')
  const tool =
    'release:\n  name: Brume\n  producer: Acme\n  license: {distribution: {name: Apache-2.0}}\n  components:\n    - {name: "Model card"}\n'
  return {
    name: 'import: indexes of openness',
    shape: 'bytes',
    seeds: [Buffer.from(text), Buffer.from(tool)],
    run(input) {
      const read = readIndexFile(input.toString('utf8'), 'x')
      parseImported(input.toString('utf8'))
      return read.ok ? 'row' : read.error.code
    },
  }
}

const licences = (): FuzzTarget => ({
  name: 'licence texts and cards',
  shape: 'bytes',
  seeds: [Buffer.from(LICENCE_TEXT), Buffer.from(CARD)],
  run(input) {
    const text = input.toString('utf8')
    fingerprintsOf(text)
    const tags = cardTags(text, 'x')
    if (tags !== null) claimsOf(tags, text, 'LICENSE')
    return recognise(text).kind
  },
})

const registries = (): FuzzTarget => ({
  name: 'manifests of registries',
  shape: 'json',
  seeds: REGISTRY.map(json),
  run(input) {
    const read = RegistryManifest.safeParse(valueOf(input))
    if (!read.success) return 'none'
    try {
      return filesOfManifest(read.data, 'x').length > 0 ? 'files' : 'empty'
    } catch (error) {
      if (error instanceof PullError) return 'refused'
      throw error
    }
  },
})

const names = (): FuzzTarget => ({
  name: 'references and CVSS vectors',
  shape: 'bytes',
  seeds: [
    'hf.example/acme/model:tag',
    'acme/model@0123456789:weights/model.gguf',
    'library/llama3:8b',
    'registry.example:5000/a/b@sha256:' + 'a'.repeat(64),
    ...VECTORS,
  ].map((text) => Buffer.from(text)),
  run(input) {
    const text = input.toString('utf8')
    const found = [
      readRegistryReference(text),
      readOllamaReference(text, 'https://r.example'),
      readHubReference(text),
    ]
    const score = scoreVector(text)
    const isScore =
      score === null ||
      (score.base >= 0 && score.base <= 10 && score.overall >= 0 && score.overall <= 10)
    if (!isScore) throw new Error(`a score of ${score.base}`)
    return score !== null ? 'score' : found.some((one) => one !== null) ? 'reference' : 'none'
  },
})

/** Documents that others write and this product imports. */
export const documentTargets = (): readonly FuzzTarget[] => [
  documents('OSV', [OSV]),
  documents('CVE', [CVE]),
  documents('CSAF', [CSAF]),
  documents('OpenVEX and CycloneDX', [OPENVEX, CYCLONEDX_VEX]),
  bills(),
  openness(),
  licences(),
  registries(),
  names(),
]
