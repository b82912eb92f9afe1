import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { configOn } from '#config/load-for-test.ts'
import type { Config } from '#config/types.ts'
import { changesBetween, needsNewLines, withoutRestart } from './live-config.ts'

const rows = (url: string, more = ''): string =>
  `destinations: [{id: a, url: "${url}", models: [{name: m}]${more}}]`

describe('what a reload changes', () => {
  test('every part of the configuration is compared, or is known not to matter while running', () => {
    const read = new Set<string>()
    const config = configOn({})
    const watched = new Proxy(config, {
      get(target, name) {
        read.add(String(name))
        return Reflect.get(target, name)
      },
    })
    changesBetween(watched, config)
    // the first three mean nothing but through `floor`, `policy` and the place of the file itself
    const elsewhere = ['profile', 'jurisdictions', 'home', 'vendorVariables', 'warnings']
    const atBirth = ['bootstrapKey', 'masterKey']
    deepEqual([...read, ...elsewhere, ...atBirth].toSorted(), Object.keys(config).toSorted())
  })

  test('is told by section, and what needs a restart apart', () => {
    const before = configOn({})
    const after = configOn({
      yaml: 'floor: internal\njurisdictions: [FR]\ntrusted_proxies: [10.0.0.1]\nengine: {parallel: 2}\n',
    })
    deepEqual(changesBetween(before, after), {
      now: ['floor', 'policy'],
      later: ['trusted_proxies', 'engine'],
    })
    deepEqual(changesBetween(before, before), { now: [], later: [] })
    const inForce = withoutRestart(before, after)
    deepEqual([inForce.floor, inForce.engine.parallel], ['internal', 4])
    deepEqual(changesBetween(inForce, after).later, ['trusted_proxies', 'engine'])
  })

  test('sees a rotated key behind the same reference', () => {
    const yaml = rows('https://h.example', ', key: "${env:K}"')
    const of = (key: string): Config => configOn({ yaml, env: { K: key } })
    deepEqual(changesBetween(of('one'), of('two')).now, ['destinations'])
    equal(needsNewLines(of('one'), of('two')), false)
  })
})

describe('connections', () => {
  const before = configOn({ yaml: rows('https://h.example') })
  const needs = (yaml: string): boolean => needsNewLines(before, configOn({ yaml }))

  test('are made anew where the address, the dialect or the time limits are others, or the destination is gone', () => {
    equal(needs(rows('https://other.example')), true)
    equal(needs(rows('https://h.example', ', timeouts: {idle_ms: 1000}')), true)
    equal(needs(rows('https://h.example', ', dialect: anthropic')), true)
    equal(needs(''), true)
  })

  test('stay where they still fit', () => {
    equal(needs(rows('https://h.example', ', clearance: {class: internal}')), false)
    equal(needs(`floor: internal\n${rows('https://h.example')}`), false)
  })
})
