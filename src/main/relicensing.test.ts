import assert from 'node:assert/strict'
import { test } from 'node:test'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { ADA, manifest, openDesk, START } from '#models/admission/admission.fixture.ts'
import { profileDigest } from '#models/admission/judge-licence.ts'
import type { RecordedLicence } from '#models/admission/record.ts'
import { Relicensing } from './relicensing.ts'

const one = manifest('a')
const judgedFor = (country: string): RecordedLicence => ({
  id: 'mit',
  verdict: country === 'FR' ? 'allow' : 'block',
  conditions: [],
  text: null,
  profile: profileDigest({ country }),
  isBinding: true,
  inheritedFrom: null,
  at: START,
})

test('a judgement that could not be recorded is made at the next look', async () => {
  const [company, ledger] = [{ country: 'FR' }, { isThere: true }]
  const evidence = (): Promise<Result<void, Refusal>> =>
    Promise.resolve(ledger.isThere ? ok(undefined) : err({ code: 'ledger-unavailable' }))
  const licence = () => Promise.resolve(judgedFor(company.country))
  const { desk, book } = openDesk({ evidence, licence })
  assert.ok((await desk.bring(one, ADA)).ok)
  const verdict = () => book.of(one.digest)?.record?.licence?.verdict
  const relicensing = new Relicensing({
    book,
    desk,
    dir: '/nowhere',
    blob: (digest) => `/nowhere/${digest}`,
    company: () => company,
    isStopping: () => false,
  })
  assert.equal(verdict(), 'allow')
  company.country = 'KR'
  ledger.isThere = false
  await relicensing.again(false)
  assert.equal(verdict(), 'allow', 'nothing changes that could not be recorded')
  ledger.isThere = true
  await relicensing.look()
  assert.equal(verdict(), 'block')
})
