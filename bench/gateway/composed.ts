// Our gateway from its own rooms, with one of them replaced by an empty one: what does each stage cost?
import { copyFileSync } from 'node:fs'
import { readConfigFromDisk } from '#config.ts'
import { loadConfig } from '#config/load.ts'
import { createClassifier } from '#classify/classify.ts'
import { ClassificationMemo } from '#classify/memo.ts'
import { buildApp } from '#gateway/app.ts'
import type { GatewayHouse } from '#gateway/ports.ts'
import { ok } from '#kernel/result.ts'
import { serve } from '#pipeline/serve.ts'
import { NO_LIMITS } from '#pipeline/limits.ts'
import type { House } from '#pipeline/ports.ts'
import { createGate } from '#policy/gate.ts'
import { openLines } from '#providers/lines.ts'
import { openCore, OWNER, TENANT } from '../../src/main/core.ts'
import { homePaths } from '../../src/main/home-paths.ts'
import { createLog } from '../../src/main/log.ts'
import { openBoardEngine } from '../../src/main/board-engine.ts'
import { openHouse } from '../../src/main/house.ts'
import { steadyNow } from '../../src/main/shared-clock.ts'
import { resilience } from '../../src/main/resilience.ts'

const off = process.env['BENCH_OFF'] ?? ''
const port = Number(process.env['BENCH_PORT'])
const home = process.env['BENCH_HOME'] ?? ''
process.once('SIGTERM', () => process.exit(0))

const loaded = loadConfig({
  flags: { home, config: process.env['BENCH_CONFIG'] ?? '', listen: `127.0.0.1:${port}` },
  env: { BENCH_KEY: 'bench' },
  readFile: readConfigFromDisk,
  home,
})
if (!loaded.ok) throw new Error(JSON.stringify(loaded.error))
const config = loaded.value
const opened = await openCore(config, `127.0.0.1:${port}`)
if (!opened.ok) throw new Error(opened.error.en)
const core = opened.value
copyFileSync(homePaths(home).adminKey, process.env['BENCH_KEY_FILE'] ?? '')
const log = createLog('error', core.clock, () => {})
const engine = await openBoardEngine({ config, log, environment: {} })
const { house } = await openHouse({
  config,
  core,
  engine,
  discovered: [],
  page: () => ({ state: 'absent' }),
  log,
  version: 'bench',
})

const gate = createGate(house.gate.policy, house.gate.catalogue)
const lines = openLines(
  () => gate.catalogue().destinations,
  () => 'bench',
  core.clock,
)
const memo = new ClassificationMemo({ key: core.identity.memoKey })
const classify = createClassifier(undefined, memo)
const nothing = { label: { class: 'public', categories: [], undetermined: false }, findings: [] }
const written = Promise.resolve(ok(undefined))
const pipeline: House = {
  classify:
    off === 'classification'
      ? () => nothing as ReturnType<House['classify']>
      : (parts) => classify(parts, { floor: config.floor, tenant: TENANT }),
  gate: off === 'policy' ? remembered(gate) : gate,
  readiness: () => ({ health: {}, progress: '' }),
  ...resilience(steadyNow, { current: config }, 1),
  limits: NO_LIMITS,
  ask: lines.ask,
  record:
    off === 'ledger'
      ? () => ok({ id: '', leaf: '0'.repeat(64), durable: written })
      : (event, options) => core.ledger.append(event, options),
  clock: core.clock,
  now: steadyNow,
  newId: core.newId,
}
const composed: GatewayHouse = {
  ...house,
  identity:
    off === 'keys'
      ? { ...house.identity, authenticate: () => Promise.resolve(ok(OWNER)) }
      : house.identity,
  serve: (exchange, request, reply, signal) => serve(pipeline, exchange, request, reply, signal),
}
const settings = {
  hosts: new Set(['127.0.0.1']),
  bodyBytes: config.limits.bodyBytes,
  depth: config.limits.depth,
  secure: false,
  trustedProxies: [],
}
await buildApp(composed, settings, null).fastify.listen({ host: '127.0.0.1', port })

/** The first verdict for each model, for ever. */
function remembered(real: House['gate']): House['gate'] {
  const verdicts = new Map<string, ReturnType<House['gate']['decide']>>()
  return {
    ...real,
    decide(facts, health) {
      const known = verdicts.get(facts.requestedModel) ?? real.decide(facts, health)
      verdicts.set(facts.requestedModel, known)
      return known
    },
  }
}
