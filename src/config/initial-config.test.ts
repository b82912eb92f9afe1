import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { ZONES, type Destination } from '#kernel/destination.ts'
import { CLASSES } from '#kernel/label.ts'
import { LANGUAGES } from '#kernel/refusal-messages.ts'
import { listVendors, vendorKeyVariables } from '#providers/discover/list-vendors.ts'
import { discovered } from '#providers/discover/local-server.ts'
import { writeInitialConfig } from './initial-config.ts'
import { configOn } from './load-for-test.ts'

const text = fc.string({ unit: 'binary', maxLength: 20 })

const anyDestination: fc.Arbitrary<Destination> = fc.record({
  id: text,
  dialect: fc.constant('openai' as const),
  address: fc.oneof(
    fc.record({ kind: fc.constant('url' as const), baseUrl: text }),
    fc.record({ kind: fc.constant('socket' as const), path: text }),
  ),
  zone: fc.constantFrom(...ZONES),
  jurisdiction: text,
  clearance: fc.constantFrom(...CLASSES),
  state: fc.constantFrom('discovered' as const, 'listed' as const, 'enabled' as const),
  origin: fc.constantFrom('embedded' as const, 'discovered' as const, 'environment' as const),
  models: fc.array(fc.record({ name: text, upstream: text }), { maxLength: 3 }),
})

/** What taking the `# ` of every row away does. */
const uncommented = (yaml: string): string => yaml.replaceAll(/^ {2}# (?=[- ])/gm, '  ')

describe('the configuration that init writes', () => {
  test('means the same as no configuration, in both languages, whatever was found', () => {
    const zero = configOn({})
    fc.assert(
      fc.property(fc.array(anyDestination, { maxLength: 4 }), (destinations) => {
        for (const language of LANGUAGES) {
          deepEqual(configOn({ yaml: writeInitialConfig({ destinations }, language) }), zero)
        }
      }),
    )
  })

  test('keeps the vendors of the environment listed, as they are without it', () => {
    const env = { MISTRAL_API_KEY: 'k1', HF_TOKEN: 'k2' }
    const zero = configOn({ env })
    equal(zero.destinations.length, 2)
    deepEqual(configOn({ env, yaml: writeInitialConfig(zero, 'fr') }), zero)
  })

  test('each row of it works once its # is taken away', () => {
    const servers = [
      discovered('ollama', 11_434, [
        { upstream: 'llama3.2:1b', zone: 'device' },
        { upstream: 'gpt-oss:120b-cloud', zone: 'api' },
        { upstream: 'quote " \\ # : \u0085', zone: 'device' },
      ]),
      discovered('llama-server', 9931, [
        { upstream: '/m/q.gguf', name: 'q', zone: 'device', contextTokens: 4096 },
      ]),
      discovered('vllm', 8000, []),
    ]
    const keys = new Map(vendorKeyVariables().map((name) => [name, name]))
    const vendors = listVendors(keys)
    const destinations = [...servers, ...vendors.destinations]
    for (const language of LANGUAGES) {
      const found = { destinations, vendorVariables: vendors.variables }
      const yaml = uncommented(writeInitialConfig(found, language))
      const config = configOn({ yaml, env: Object.fromEntries(keys) })
      const essence = ({ id, address, zone, clearance }: Destination) =>
        JSON.stringify({ id, address, zone, clearance })
      deepEqual(config.destinations.map(essence), destinations.map(essence))
      ok(config.destinations.every(({ state }) => state === 'enabled'))
      deepEqual(config.destinations[0]?.models, servers[0]?.models)
      deepEqual(config.destinations[1]?.models, servers[1]?.models)
      equal(config.credentials.size, vendors.destinations.length)
    }
  })

  test('its example works too', () => {
    const yaml = uncommented(writeInitialConfig({ destinations: [] }, 'en'))
    const config = configOn({ yaml, env: { CLOUD_API_KEY: 'k' } })
    equal(config.destinations[0]?.id, 'cloud')
  })

  test('names the variable a key was found in, and never holds a key', () => {
    const key = ['se', 'cret', 'value'].join('')
    const config = configOn({ env: { SCW_SECRET_KEY: key } })
    const yaml = writeInitialConfig(config, 'en')
    ok(yaml.includes('"${env:SCW_SECRET_KEY}"'))
    ok(yaml.includes('  ## Scaleway Generative APIs Its key was found'))
    equal(yaml.includes(key), false)
  })

  test('is written in French for French readers', () => {
    ok(writeInitialConfig({ destinations: [] }, 'fr').includes('Le moteur embarqué'))
    ok(writeInitialConfig({ destinations: [] }, 'en').includes('The embedded engine'))
  })
})
