import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { configOn } from '#config/load-for-test.ts'
import { changesBetween } from './live-config.ts'
import { packConfig, unpackConfig } from './packed-config.ts'

test('a configuration that goes to a worker arrives with its keys, and without those the worker does not need', () => {
  const config = configOn({
    env: { K: 'key-1', S: 'scrape-1', ECLUSE_MASTER_KEY: 'm'.repeat(64) },
    yaml: `
destinations: [{id: a, url: "https://h.example", key: "\${env:K}", models: [{name: m}], timeouts: {idle_ms: 7}}]
telemetry: {metrics_key: "\${env:S}"}
`,
  })
  const sent = structuredClone(packConfig(config))
  const arrived = unpackConfig(sent)
  deepEqual(changesBetween(config, arrived).now, ['telemetry.metrics_key'])
  equal(arrived.credentials.get('a')?.reveal(), 'key-1')
  equal(arrived.masterKey?.reveal(), config.masterKey?.reveal())
  equal(JSON.stringify(arrived).includes('key-1'), false)
  equal(arrived.telemetry.metricsKey, null)
})
