import { readFileSync } from 'node:fs'

export const ORIGIN = { source: 'seed.json', retrieved: '2026-11-22' }

const VECTOR = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'

/** One vector of each version, and one that says more than it must. */
export const VECTORS = [
  'AV:N/AC:L/Au:N/C:P/I:P/A:P',
  '(AV:N/AC:M/Au:S/C:C/I:N/A:N/E:POC/RL:OF/RC:C)',
  'CVSS:3.0/AV:L/AC:H/PR:H/UI:R/S:C/C:L/I:N/A:N/E:P',
  VECTOR,
  'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:A',
] as const

export const OSV = {
  schema_version: '1.7.5',
  id: 'GHSA-aaaa-bbbb-cccc',
  modified: '2026-10-01T00:00:00Z',
  aliases: ['CVE-2026-99999'],
  summary: 'A flaw of the engine.',
  severity: [{ type: 'CVSS_V3', score: VECTOR }],
  affected: [
    {
      package: { ecosystem: 'PyPI', name: 'vllm' },
      ranges: [
        {
          type: 'ECOSYSTEM',
          events: [{ introduced: '0.9.0' }, { fixed: '0.9.5' }, { last_affected: '0.10.2' }],
        },
      ],
      versions: ['0.30.0'],
    },
  ],
}

export const CVE = {
  dataType: 'CVE_RECORD',
  dataVersion: '5.2',
  cveMetadata: {
    cveId: 'CVE-2026-99998',
    state: 'PUBLISHED',
    datePublished: '2026-10-01T00:00:00Z',
  },
  containers: {
    cna: {
      title: 'A flaw',
      affected: [
        {
          vendor: 'vllm-project',
          product: 'vllm',
          cpes: ['cpe:2.3:a:vllm:vllm:*:*:*:*:*:*:*:*'],
          versions: [
            { version: '0.8.3', lessThan: '0.14.1', status: 'affected', versionType: 'python' },
            { version: '>= 0.8.3, < 0.14.1', status: 'affected' },
          ],
        },
      ],
      metrics: [{ cvssV3_1: { vectorString: VECTOR, baseScore: 9.8 } }],
      descriptions: [{ lang: 'en', value: 'A flaw.' }],
      references: [{ url: 'https://example.org/1' }],
      providerMetadata: { shortName: 'CNA' },
    },
  },
}

export const CSAF = {
  document: {
    csaf_version: '2.0',
    category: 'csaf_security_advisory',
    title: 'A flaw',
    tracking: {
      id: 'X-1',
      status: 'final',
      version: '1',
      initial_release_date: '2026-10-01T00:00:00Z',
      current_release_date: '2026-10-01T00:00:00Z',
    },
    publisher: { name: 'Acme', category: 'vendor', namespace: 'https://acme.example' },
  },
  product_tree: {
    branches: [
      {
        category: 'vendor',
        name: 'NVIDIA',
        branches: [
          {
            category: 'product_name',
            name: 'Triton Inference Server',
            branches: [
              {
                category: 'product_version_range',
                name: 'vers:generic/>=23.01|<25.07',
                product: { name: 'Triton', product_id: 'P1' },
              },
            ],
          },
        ],
      },
    ],
  },
  vulnerabilities: [
    {
      cve: 'CVE-2026-99997',
      scores: [{ cvss_v3: { vectorString: VECTOR, baseScore: 9.8 }, products: ['P1'] }],
      product_status: { known_affected: ['P1'], fixed: ['P2'] },
      flags: [{ label: 'component_not_present', product_ids: ['P2'] }],
    },
  ],
}

export const OPENVEX = {
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://example.org/vex-1',
  author: 'Security',
  timestamp: '2026-11-01T00:00:00Z',
  version: 1,
  statements: [
    {
      vulnerability: { name: 'CVE-2026-22778' },
      products: [{ '@id': 'pkg:pypi/vllm@0.14.0' }],
      status: 'not_affected',
      justification: 'inline_mitigations_already_exist',
    },
  ],
}

export const CYCLONEDX_VEX = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { timestamp: '2026-11-01T00:00:00Z' },
  components: [
    {
      type: 'application',
      'bom-ref': 'e1',
      name: 'ollama',
      version: '0.17.0',
      purl: 'pkg:golang/github.com/ollama/ollama@0.17.0',
    },
  ],
  vulnerabilities: [
    {
      id: 'CVE-2026-7482',
      analysis: { state: 'false_positive', justification: 'code_not_reachable', detail: 'x' },
      affects: [{ ref: 'e1' }],
    },
  ],
}

/** Manifests as ModelPack, Docker and Ollama write them. */
export const REGISTRY = [
  {
    schemaVersion: 2,
    artifactType: 'application/vnd.cncf.model.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.cncf.model.config.v1+json',
      digest: `sha256:${'a'.repeat(64)}`,
      size: 10,
    },
    layers: [
      {
        mediaType: 'application/vnd.cncf.model.weight.v1.raw',
        digest: `sha256:${'b'.repeat(64)}`,
        size: 20,
        annotations: { 'org.cncf.model.filepath': 'weights/model.safetensors' },
      },
    ],
  },
  {
    schemaVersion: 2,
    layers: [
      {
        mediaType: 'application/vnd.ollama.image.model',
        digest: `sha256:${'c'.repeat(64)}`,
        size: 30,
      },
      {
        mediaType: 'application/vnd.ollama.image.license',
        digest: `sha256:${'d'.repeat(64)}`,
        size: 40,
      },
    ],
  },
] as const

/** The text of a licence that is known: the product's own. */
export const LICENCE_TEXT = readFileSync(new URL('../../../LICENSE', import.meta.url), 'utf8')

export const CARD = `---
license: apache-2.0
license_name: something
base_model:
  - acme/brume-7b
datasets: [acme/text]
---
# Brume
`
