import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { configOn, problemsOn } from './load-for-test.ts'

const env = { SCRAPE: 'scrape-1', COLLECTOR: 'collector-1' }

describe('the telemetry section', () => {
  test('is off when nothing is said: no key, nothing sent', () => {
    deepEqual(configOn({}).telemetry, { metricsKey: null, otlp: null })
    deepEqual(configOn({ yaml: 'telemetry: {sample_ratio: 0.5}' }).telemetry.otlp, null)
  })

  test('takes its keys by reference, with a scheme before the one of a header', () => {
    const { telemetry } = configOn({
      env,
      yaml: `telemetry:
  metrics_key: "\${env:SCRAPE}"
  otlp_endpoint: https://collector.example.org/otlp/
  otlp_headers:
    - {name: authorization, value: "Bearer \${env:COLLECTOR}"}
    - {name: x-team, value: "\${env:COLLECTOR}"}
`,
    })
    equal(telemetry.metricsKey?.reveal(), 'scrape-1')
    equal(telemetry.otlp?.endpoint, 'https://collector.example.org/otlp')
    const headers = [...(telemetry.otlp?.headers ?? [])].map(([name, key]) => [name, key.reveal()])
    deepEqual(headers, [
      ['authorization', 'Bearer collector-1'],
      ['x-team', 'collector-1'],
    ])
    equal(JSON.stringify(telemetry).includes('collector-1'), false)
  })

  test('refuses a key written out, one that is not there, and credentials in the address', () => {
    const yaml = `telemetry:
  metrics_key: scrape-1
  otlp_endpoint: https://user:pass@collector.example.org
  otlp_headers: [{name: authorization, value: "Bearer \${env:NOWHERE}"}]
`
    deepEqual(problemsOn({ yaml }), [
      'literal-secret telemetry.metrics_key@2:3',
      'credentials-in-url telemetry.otlp_endpoint@3:3',
      'missing-variable telemetry.otlp_headers[0].value@4:40',
    ])
  })

  test('warns where traces would travel in clear, but not on this machine', () => {
    deepEqual(problemsOn({ yaml: 'telemetry: {otlp_endpoint: "http://collector:4318"}' }), [
      'plain-http telemetry.otlp_endpoint@1:13',
    ])
    deepEqual(problemsOn({ yaml: 'telemetry: {otlp_endpoint: "http://127.0.0.1:4318"}' }), [])
  })
})
