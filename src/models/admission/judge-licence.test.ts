import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { CompanyProfile } from '../licences/profile.ts'
import { ADA, manifest, openDesk, START } from './admission.fixture.ts'
import { judgeLicence, profileDigest } from './judge-licence.ts'
import { UNNAMED } from '../licences/read-claims.ts'
import { readRecord, type AdmissionRecord, type RecordedLicence } from './record.ts'

const company = (monthlyUsers: number): CompanyProfile => ({
  country: 'FR',
  monthlyUsers,
  monthlyRevenueUsd: 1,
  annualRevenueUsd: 1,
  use: 'external',
  commercial: true,
  offersModels: false,
  distributes: false,
  trainsOnOutputs: false,
  publicBody: false,
})

const before: RecordedLicence = {
  id: 'llama-3.1',
  verdict: 'allow-with-duties',
  conditions: [],
  text: 'ab'.repeat(32),
  profile: 'cd'.repeat(32),
  isBinding: true,
  inheritedFrom: null,
  at: START,
}

async function recordWith(licence: RecordedLicence | null): Promise<AdmissionRecord> {
  const { desk } = openDesk()
  const brought = await desk.bring(manifest('a'), ADA)
  assert.ok(brought.ok)
  return { ...brought.value, licence }
}

const judged = async (licence: RecordedLicence | null, users: number) =>
  judgeLicence(await recordWith(licence), {
    blob: (digest) => `/nowhere/${digest}`,
    tag: null,
    company: company(users),
    now: START,
  })

test('weights whose files are on another machine are judged by what was recognised there', async () => {
  const small = await judged(before, 1000)
  assert.deepEqual(
    [small.id, small.verdict, small.text],
    ['llama-3.1', 'allow-with-duties', before.text],
  )
  const large = await judged(before, 800_000_000)
  assert.deepEqual([large.verdict, large.conditions], ['block', ['llama-3.1/mau-700m']])
  // doubts that its text raised are not forgotten
  const doubtful = await judged({ ...before, conditions: ['text-resembles-only'] }, 1000)
  assert.deepEqual(
    [doubtful.verdict, doubtful.conditions],
    ['needs-legal', ['text-resembles-only']],
  )
  // an adapter keeps what it inherited, and nothing recorded is nothing known
  const adapter = { ...before, id: 'apache-2.0', inheritedFrom: 'meta-llama/Llama-3.1-8B-Instruct' }
  assert.equal((await judged(adapter, 800_000_000)).verdict, 'block')
  assert.equal((await judged(null, 1000)).verdict, 'needs-legal')
})

test('what a licence was judged for is another when the company is', () => {
  assert.equal(profileDigest(company(1)), profileDigest(company(1)))
  assert.notEqual(profileDigest(company(1)), profileDigest(company(2)))
  assert.notEqual(profileDigest({}), profileDigest(company(1)))
})

test('a record holds the names of any bases, and can be read back', async (t) => {
  const record = await recordWith(null)
  const long = Array.from({ length: 50 }, (_, at) => `somebody/${'n'.repeat(400)}${at}`)
  const folder = await mkdtemp(join(tmpdir(), 'ecluse-licence-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'card'), `---\nbase_model: [${long.join(', ')}]\n---\n`)
  const files = [{ path: 'README.md', digest: 'ee'.repeat(32), bytes: 10 }]
  const licence = await judgeLicence(
    { ...record, files },
    { blob: () => join(folder, 'card'), tag: null, company: company(1), now: START },
  )
  assert.ok(licence.inheritedFrom?.endsWith(UNNAMED))
  assert.ok(readRecord(JSON.stringify({ ...record, licence })))
})
