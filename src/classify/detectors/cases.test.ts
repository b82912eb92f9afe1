import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { createClassifier } from '../classify.ts'
import { DETECTORS } from './list.ts'

interface Case {
  readonly text: string
  /** The matched text; null where only the finding matters. */
  readonly value?: string | null
  readonly type?: string
  readonly rule?: string
  readonly country?: string
}

const HERE = import.meta.dirname
const classify = createClassifier()

/** The sign keeps synthetic secrets apart in the files, so that no scanner takes them for real ones. */
const whole = (text: string): string => text.replaceAll('⁞', '')

const findingsIn = (text: string) =>
  classify([{ path: 'messages.0.content', text, kind: 'text' }], { floor: 'public' }).findings

const read = (folder: string, name: string): readonly Case[] =>
  JSON.parse(readFileSync(`${HERE}/${folder}/cases/${name}.json`, 'utf8')) as readonly Case[]

const folders = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

test('every detector has a folder with cases', () => {
  assert.equal(folders.length, DETECTORS.length)
  for (const folder of folders) assert.ok(existsSync(`${HERE}/${folder}/cases/accept.json`), folder)
})

for (const folder of folders) {
  describe(folder, () => {
    for (const { text, value, type, rule, country } of read(folder, 'accept')) {
      test(`finds ${type} in: ${text.slice(0, 60)}`, () => {
        const source = whole(text)
        const findings = findingsIn(source)
        const hit = findings.find(
          (one) =>
            one.type === type &&
            (value === null ||
              value === undefined ||
              source.slice(one.start, one.end) === whole(value)),
        )
        const seen = findings.map((one) => [one.type, one.rule, source.slice(one.start, one.end)])
        assert.ok(hit, JSON.stringify(seen))
        if (rule !== undefined) assert.equal(hit.rule, rule)
        if (country !== undefined) assert.equal(hit.country, country)
      })
    }
    for (const { text, type, rule } of read(folder, 'refuse')) {
      test(`finds nothing in: ${text.slice(0, 60)}`, () => {
        const findings = findingsIn(whole(text))
        const wrong = findings.filter(
          (one) =>
            (type === undefined || one.type === type) && (rule === undefined || one.rule === rule),
        )
        assert.deepEqual(wrong, [])
      })
    }
  })
}
