import { equal, notEqual } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { assert, constantFrom, property, record, string } from 'fast-check'
import { z } from 'zod'
import { agrees, highestOfWord, scoreVector, severityOf } from './cvss.ts'
import { GRAMMARS } from './cvss-grammar.ts'

const Vectors = z.object({
  rows: z.array(z.tuple([z.string(), z.number().nullable(), z.number()])),
})

/** From the example documents of FIRST: Heartbleed, Shellshock, VMware guest to host, Sudo; and NVD for version 2. */
const PUBLISHED: readonly (readonly [string, number])[] = [
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H', 9.9],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
  ['CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:N', 0],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N', 0],
  ['(AV:N/AC:L/Au:N/C:P/I:P/A:P)', 7.5],
  ['AV:N/AC:L/Au:N/C:N/I:N/A:C', 7.8],
]

describe('scoreVector', () => {
  test('gives the scores of the published examples', () => {
    for (const [vector, base] of PUBLISHED) equal(scoreVector(vector)?.base, base, vector)
  })

  test('agrees with another implementation on every vector of all four versions', () => {
    const path = new URL('./cvss-vectors.json', import.meta.url)
    const { rows } = Vectors.parse(JSON.parse(readFileSync(path, 'utf8')))
    equal(rows.length, 522)
    for (const [vector, base, overall] of rows) {
      const score = scoreVector(vector)
      equal(score?.overall, overall, vector)
      if (base !== null) equal(score?.base, base, vector)
    }
  })

  test('takes nothing for a vector that lacks a metric, repeats one, or has one of its own', () => {
    const whole = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
    for (const vector of [
      '',
      'CVSS:3.1',
      'CVSS:3.1/AV:N',
      `${whole}/AV:N`,
      `${whole}/ZZ:H`,
      `${whole}/E:Q`,
      `${whole}/`,
      whole.replace('AV:N', 'AV:Q'),
      whole.replace('3.1', '3.2'),
      whole.replace('A:H', 'A:H:H'),
      `${whole}/constructor:N`,
      whole.padEnd(5000, '/E:X'),
    ]) {
      equal(scoreVector(vector), null, vector)
    }
  })

  test('never throws, whatever the text', () => {
    assert(
      property(string({ maxLength: 300 }), (text) => {
        notEqual(scoreVector(text), undefined)
        notEqual(scoreVector(`CVSS:4.0/${text}`), undefined)
      }),
    )
  })

  test('does not depend on the order of the metrics, and losing more never scores less', () => {
    const { base, prefix } = GRAMMARS['3.1']
    const arbitrary = record(
      Object.fromEntries(
        Object.entries(base).map(([metric, values]) => [metric, constantFrom(...values)]),
      ),
    )
    const text = (
      metrics: Readonly<Record<string, string>>,
      order = Object.keys(metrics),
    ): string => prefix + order.map((metric) => `${metric}:${metrics[metric]}`).join('/')
    assert(
      property(arbitrary, (metrics) => {
        const score = scoreVector(text(metrics))?.base ?? -1
        equal(scoreVector(text(metrics, Object.keys(metrics).toReversed()))?.base, score)
        equal(score >= 0 && score <= 10, true)
        const worse = scoreVector(text({ ...metrics, C: 'H', I: 'H', A: 'H' }))?.base ?? -1
        equal(worse >= score, true)
      }),
    )
  })
})

describe('words and records', () => {
  test('severities are those of the specifications', () => {
    equal(severityOf(0), 'none')
    equal(severityOf(6.9), 'medium')
    equal(severityOf(9), 'critical')
    equal(severityOf(9, '2.0'), 'high')
  })

  test('a word stands for the highest score it can mean', () => {
    equal(highestOfWord('HIGH'), 8.9)
    equal(highestOfWord('moderate'), 6.9)
    equal(highestOfWord('constructor'), null)
  })

  test('a record may give the base score or the one with its later metrics, and no other', () => {
    const score = scoreVector('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:L/E:P/RL:X/RC:R')
    equal(score !== null && agrees(7.3, score) && agrees(6.6, score) && !agrees(7, score), true)
  })
})
