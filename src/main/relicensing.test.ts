import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { err, ok } from '#kernel/result.ts'
import { ADA, manifest, openDesk, START } from '#models/admission/admission.fixture.ts'
import { judgeLicence } from '#models/admission/judge-licence.ts'
import type { CompanyProfile } from '#models/licences/profile.ts'
import { Relicensing } from './relicensing.ts'

const DIGEST = '1'.repeat(64)
const TEXT = 'a'.repeat(64)

/** A desk with one judged model with a licence text, whose database the test takes away. */
async function judgedModel(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'ecluse-relicense-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  const blob = (digest: string): string => join(dir, digest)
  await writeFile(blob(TEXT), 'MIT License')
  await writeFile(blob('b'.repeat(64)), 'weights')
  const house: { company: CompanyProfile; away: 'no' | 'database' | 'ledger' } = {
    company: { country: 'FR' },
    away: 'no',
  }
  const opened = openDesk({
    blob,
    licence: (record) =>
      judgeLicence(record, { blob, tag: 'mit', company: house.company, now: START }),
    evidence: () =>
      Promise.resolve(
        house.away === 'ledger' ? err({ code: 'ledger-unavailable' }) : ok(undefined),
      ),
  })
  const { desk, book, store } = opened
  const get = (digest: string) => Promise.resolve(store.rows.get(digest) ?? null)
  store.get = (digest) =>
    house.away === 'database' ? Promise.reject(new Error('no connection')) : get(digest)
  const files = [
    { path: 'model.gguf', digest: 'b'.repeat(64), bytes: 7 },
    { path: 'LICENSE', digest: TEXT, bytes: 11 },
  ]
  assert.ok((await desk.bring(manifest('1', { files }), ADA)).ok)
  const relicensing = new Relicensing({
    book,
    desk,
    dir,
    blob,
    company: () => house.company,
    isStopping: () => false,
  })
  const recorded = () => book.of(DIGEST)?.record?.licence ?? assert.fail('no licence')
  return { house, relicensing, recorded, blob }
}

for (const away of ['database', 'ledger'] as const) {
  test(`a company that is another while the ${away} is away is judged for at a later look, once it is there`, async (t) => {
    const { house, relicensing, recorded } = await judgedModel(t)
    const before = recorded().profile
    Object.assign(house, { company: { country: 'US' }, away })
    await relicensing.again(false)
    await relicensing.look()
    assert.equal(recorded().profile, before)
    house.away = 'no'
    await relicensing.look()
    assert.notEqual(recorded().profile, before)
  })

  test(`a text that was written to while the ${away} is away is judged at a later look, once it is there`, async (t) => {
    const { house, relicensing, recorded, blob } = await judgedModel(t)
    await relicensing.look()
    const before = recorded().text
    await writeFile(blob(TEXT), 'Another licence altogether')
    house.away = away
    await relicensing.look()
    // seen, and not seen as a change a second time
    await relicensing.look()
    assert.equal(recorded().text, before)
    house.away = 'no'
    await relicensing.look()
    assert.notEqual(recorded().text, before)
  })
}
