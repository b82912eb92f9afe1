import type { Destination } from '#kernel/destination.ts'
import { assess } from '../vulnerabilities/assess.ts'
import { knowledgeOf } from '../vulnerabilities/knowledge.ts'
import { shippedVulnerabilities } from '../vulnerabilities/shipped.ts'
import type { VexStatement } from '../vulnerabilities/vex.ts'
import { assessedView, type EngineView } from '../vulnerabilities/view.ts'
import type { OwnPart } from './stack.ts'

/** A server of our own, with what a test says of it. */
export const sampleDestination = (more: Partial<Destination> = {}): Destination => ({
  id: 'gpu',
  dialect: 'openai',
  address: { kind: 'url', baseUrl: 'http://gpu.internal/v1' },
  zone: 'on-prem',
  jurisdiction: 'local',
  clearance: 'restricted',
  state: 'enabled',
  origin: 'config',
  models: [],
  ...more,
})

/** The engine of a destination as it is seen, with what a test says of it. */
export const sampleEngine = (more: Partial<EngineView> = {}): EngineView => ({
  destination: 'gpu',
  zone: 'on-prem',
  models: [],
  product: 'vllm',
  name: 'vLLM',
  version: '0.32.0',
  versionFrom: 'reported',
  cvss: 7.5,
  configured: null,
  exceeds: [],
  findings: [],
  ...more,
})

/** An engine with what is really known against a version of it. */
export const assessedEngine = (
  destination: string,
  product: string,
  version: string | null,
  vex: readonly VexStatement[] = [],
): EngineView =>
  sampleEngine({
    destination,
    ...assessedView(assess(product, version, knowledgeOf(shippedVulnerabilities().records, vex))),
  })

/** A part of Écluse's own. */
export const sampleOwnPart = (more: Partial<OwnPart> = {}): OwnPart => ({
  layer: 'api',
  id: 'gateway',
  name: 'Écluse',
  kind: 'gateway',
  version: '1',
  licence: 'Apache-2.0',
  ...more,
})
