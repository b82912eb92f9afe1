import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { findFamily } from '../catalogue/find-family.ts'
import { fingerprintsOf, LONGEST_TEXT, sketch, similarity } from './fingerprint.ts'
import { noticeOf, tasksOf } from './duties.ts'
import { FRENCH, TEXT_ONLY } from './company.fixture.ts'
import { judge, type Judgement, type LicenceClaim } from './judge.ts'
import { findLicence, shippedLicences } from './licence.ts'
import { writeNotice } from './notice.ts'
import type { CompanyProfile } from './profile.ts'
import { cardTags, claimsOf, claimsOfFolder, UNNAMED } from './read-claims.ts'
import { recognise } from './recognise.ts'

const MIT = `MIT License

Copyright (c) 2026 Somebody Unheard Of

Permission is hereby granted, free of charge, to any person obtaining
a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to
permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be
included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND,
EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT.
IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT,
TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`

const APACHE = readFileSync(new URL('../../../LICENSE', import.meta.url), 'utf8')

const BSD = `Copyright (c) 2026, Somebody
All rights reserved.

Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions and the following
   disclaimer.
2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
   disclaimer in the documentation and/or other materials provided with the distribution.
3. Neither the name of HOLDER nor the names of its contributors may be used to endorse or promote products derived from
   this software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL,
EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS
OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT,
STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN
IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
`

const IMAGES = { modalities: ['text', 'image'], isDerived: false }

const byTag = (id: string): LicenceClaim => ({ text: null, tag: findLicence(id) })
const judged = (id: string, profile: CompanyProfile = FRENCH, model = TEXT_ONLY): Judgement =>
  judge([byTag(id)], profile, model)
const ids = (rows: Judgement['duties']): readonly string[] =>
  rows.map(({ condition }) => condition.id)

test('a licence is known by its text, whoever holds the rights and however it is wrapped', () => {
  for (const text of [
    MIT,
    MIT.replaceAll('\n', '\r\n'),
    MIT.toUpperCase(),
    MIT.replaceAll(/\s+/g, '\n'),
  ]) {
    const found = recognise(text)
    const isWrapped = /^\S+\n\S+$/m.test(text) && !text.includes(' ')
    if (isWrapped) assert.equal(found.kind, 'resembles')
    else
      assert.deepEqual([found.kind, found.kind === 'exact' && found.licence.id], ['exact', 'mit'])
  }
})

test('an appendix may name its holder; terms behind the end or in the line of a holder make another licence', () => {
  const known = (text: string): string => {
    const found = recognise(text)
    return found.kind === 'unknown' ? found.kind : `${found.kind} ${found.licence.id}`
  }
  const [terms = '', appendix = ''] = APACHE.split('   APPENDIX:')
  assert.ok(terms.length > 9000 && appendix.length > 500)
  for (const same of [
    APACHE,
    terms,
    APACHE.replace('[yyyy] [name of copyright owner]', '2026 Société Écluse'),
    APACHE.replace(
      'http://www.apache.org/licenses/LICENSE-2.0',
      'https://www.apache.org/licenses/LICENSE-2.0',
    ),
    `${terms}\n Copyright 2026 Somebody\n`,
    `Copyright 2026 Somebody\n\n${APACHE}`,
  ]) {
    assert.equal(known(same), 'exact apache-2.0')
  }
  const clause = 'The rights granted do not include the right to sell the software.'
  for (const other of [
    `${APACHE}\n"Commons Clause": ${clause}\n`,
    `${terms}\n${clause}\n`,
    `Copyright 2026 Somebody, for use without any commercial purpose\n\n${APACHE}`,
    `${terms}\nCopyright 2026 Somebody; you may not use it in hospitals\n`,
    APACHE.replace('a copy of this License', 'two copies of this License'),
  ]) {
    assert.equal(known(other), 'resembles apache-2.0')
  }
  const bsd = (holder: string): string => BSD.replaceAll('HOLDER', holder)
  assert.equal(known(bsd('the copyright holder')), 'exact bsd-3-clause')
  assert.equal(
    known(bsd('Somebody Unheard Of and the University of Nowhere')),
    'exact bsd-3-clause',
  )
  assert.equal(known(bsd('anybody, who must not use it for money,')), 'resembles bsd-3-clause')
})

test('the licences that models use most can be resembled', () => {
  for (const id of [
    'llama-3.1',
    'llama-4',
    'gemma-2025',
    'qwen-2024',
    'stability-community-2024',
  ]) {
    assert.ok((findLicence(id)?.sketches.length ?? 0) > 0, id)
  }
})

test('a text with one clause more is not the licence it resembles, and a lawyer is asked', () => {
  const more = `${MIT}\nIf the Software is used by a company with more than 20 million US dollars of monthly revenue, it shall display its name.\n`
  const found = recognise(more)
  assert.equal(found.kind, 'resembles')
  const judgement = judge([{ text: found, tag: findLicence('mit') }], FRENCH, TEXT_ONLY)
  assert.deepEqual([judgement.verdict, judgement.reasons], ['needs-legal', ['text-resembles-only']])
  assert.equal(recognise('All rights reserved by me, do nothing with it.').kind, 'unknown')
  assert.equal(recognise('').kind, 'unknown')
})

test('the text decides over the tag: one that says otherwise asks a lawyer, one that is unknown too', () => {
  const contradicting = judge(
    [{ text: recognise(MIT), tag: findLicence('apache-2.0') }],
    FRENCH,
    TEXT_ONLY,
  )
  assert.deepEqual(
    [contradicting.verdict, contradicting.reasons],
    ['needs-legal', ['tag-contradicts-text']],
  )
  const unknown = judge([{ text: recognise('mine'), tag: findLicence('mit') }], FRENCH, TEXT_ONLY)
  assert.deepEqual([unknown.verdict, unknown.reasons], ['needs-legal', ['licence-unknown']])
  assert.equal(judge([{ text: null, tag: null }], FRENCH, TEXT_ONLY).verdict, 'needs-legal')
  assert.equal(judge([], FRENCH, TEXT_ONLY).verdict, 'needs-legal')
})

test('conditions of the field, each on both sides of its line', () => {
  assert.equal(judged('apache-2.0').verdict, 'allow')
  assert.equal(judged('apache-2.0', { ...FRENCH, distributes: true }).verdict, 'allow-with-duties')
  // Llama 4 is all multimodal: no grant to companies of the Union; elsewhere up to 700 million users
  assert.deepEqual(ids(judged('llama-4', FRENCH, IMAGES).blocking), ['eu-multimodal'])
  assert.equal(judged('llama-4', { ...FRENCH, country: 'CH' }, IMAGES).verdict, 'allow-with-duties')
  assert.equal(judged('llama-3.2', FRENCH, TEXT_ONLY).verdict, 'allow-with-duties')
  assert.deepEqual(ids(judged('llama-3.1', { ...FRENCH, monthlyUsers: 700_000_001 }).blocking), [
    'mau-700m',
  ])
  assert.deepEqual(ids(judged('llama-3.1', { ...FRENCH, monthlyUsers: 700_000_000 }).blocking), [])
  // non-commercial: a company is commercial until it says otherwise
  assert.equal(judged('cc-by-nc-4.0').verdict, 'block')
  assert.equal(judged('cc-by-nc-4.0', { ...FRENCH, commercial: false }).verdict, 'allow')
  // revenue, by month and by year
  assert.equal(
    judged('mistral-modified-mit', { ...FRENCH, monthlyRevenueUsd: 21e6 }).verdict,
    'block',
  )
  assert.notEqual(
    judged('mistral-modified-mit', { ...FRENCH, monthlyRevenueUsd: 20e6 }).verdict,
    'block',
  )
  assert.equal(judged('stability-community-2024').verdict, 'block')
  assert.notEqual(
    judged('stability-community-2024', { ...FRENCH, annualRevenueUsd: 999_999 }).verdict,
    'block',
  )
  assert.equal(
    judged('ltxv-open-weights-2025', { ...FRENCH, annualRevenueUsd: 10_000_000 }).verdict,
    'block',
  )
  // territory without the word multimodal
  assert.equal(judged('tencent-hunyuan-community-2025').verdict, 'block')
  assert.equal(
    judged('tencent-hunyuan-community-2025', { ...FRENCH, country: 'KR' }).verdict,
    'block',
  )
  // either of two figures is enough to ask for the name
  const kimi = (more: CompanyProfile): readonly string[] =>
    judged('kimi-k2', { ...FRENCH, ...more }).duties.map(({ condition }) => condition.kind)
  assert.ok(!kimi({}).includes('naming'))
  assert.ok(kimi({ monthlyUsers: 100_000_001 }).includes('naming'))
  assert.ok(kimi({ monthlyRevenueUsd: 20_000_001 }).includes('naming'))
  // outputs that train others, and models offered as a service
  assert.equal(judged('llama-2', { ...FRENCH, trainsOnOutputs: true }).verdict, 'needs-legal')
  assert.equal(
    judged('stability-nc-research-2023', { ...FRENCH, commercial: false, offersModels: true })
      .verdict,
    'block',
  )
  assert.equal(
    judged('open-aleph-1.0', { ...FRENCH, commercial: false, publicBody: true }).verdict,
    'block',
  )
})

test('a model under the licence of what it was made from asks everything once, and a doubt is a task of its own', () => {
  const llama = { text: null, tag: findLicence('llama-3.1') }
  const model = { ...TEXT_ONLY, isDerived: true }
  const once = judge([llama], FRENCH, model)
  assert.ok(once.duties.length > 0)
  assert.deepEqual(judge([llama, llama], FRENCH, model), once)
  const licence = findLicence('llama-3.1')
  assert.ok(licence)
  const of = (claims: Parameters<typeof judge>[0], licences: readonly (typeof licence)[]) => ({
    name: 'm',
    digest: 'd',
    licences,
    judgement: judge(claims, FRENCH, model),
    text: null,
  })
  const notice = noticeOf([of([llama, llama], [licence, licence])])
  assert.equal(notice.split('is licensed under').length, 2)
  const unknown = tasksOf([of([{ text: null, tag: null }], [])])
  assert.deepEqual(
    unknown.map((one) => [one.what, one.kind, one.condition, one.licence]),
    [['clear', 'licence', 'licence-unknown', '']],
  )
})

test('what a company has not said is never harmless: it is asked by name', () => {
  const judgement = judged('llama-4', {}, IMAGES)
  assert.equal(judgement.verdict, 'needs-legal')
  assert.deepEqual(
    judgement.legal.flatMap(({ missing }) => missing),
    ['monthlyUsers', 'country'],
  )
  for (const { id, conditions } of shippedLicences()) {
    const decides = conditions.some(
      ({ kind, effect, op }) =>
        effect === 'block' &&
        (kind === 'mau' || kind === 'revenue' || (kind === 'territory' && op === 'in')),
    )
    if (decides)
      assert.ok(
        ['needs-legal', 'block'].includes(
          judged(id, {}, { modalities: null as never, isDerived: false }).verdict,
        ),
        id,
      )
  }
})

test('a tag of the Hub names a licence', () => {
  for (const [tag, id] of [
    ['llama3.1', 'llama-3.1'],
    ['LLAMA2', 'llama-2'],
    ['apache-2.0', 'apache-2.0'],
  ] as const)
    assert.equal(findLicence(tag)?.id, id)
  assert.equal(findLicence('llama9'), null)
})

test('what is made from a model inherits its licence: the worst of all counts', () => {
  const own = byTag('apache-2.0')
  assert.equal(
    judge([own, byTag('cc-by-nc-4.0')], FRENCH, { modalities: ['text'], isDerived: true }).verdict,
    'block',
  )
  const claims = claimsOf(
    {
      name: 'acme/tuned',
      licence: 'mit',
      bases: ['meta-llama/Llama-3.1-8B-Instruct', 'acme/nobody-knows'],
    },
    null,
    null,
  )
  assert.deepEqual(
    claims.claims.map(({ tag }) => tag?.id ?? null),
    ['mit', 'llama-3.1', null],
  )
  assert.equal(judge(claims.claims, FRENCH, TEXT_ONLY).verdict, 'needs-legal')
})

test('a folder is read by its licence file and the head of its card', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ecluse-licence-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'LICENSE.txt'), MIT)
  await writeFile(
    join(folder, 'README.md'),
    '---\nlicense: apache-2.0\nbase_model: [Qwen/Qwen2.5-7B]\n---\n# Card\n',
  )
  const found = await claimsOfFolder(folder, 'acme')
  assert.deepEqual([found.file, found.bases], ['LICENSE.txt', ['Qwen/Qwen2.5-7B']])
  assert.equal(found.claims[0]?.text?.kind, 'exact')
  assert.deepEqual(judge(found.claims, FRENCH, TEXT_ONLY).reasons, ['tag-contradicts-text'])
  const [licence] = shippedLicences().filter(({ id }) => id === 'mit')
  assert.ok(licence)
  const notice = writeNotice('acme', [licence], judge(found.claims, FRENCH, TEXT_ONLY), found.text)
  assert.match(notice, /acme is licensed under the MIT License/)
  assert.match(notice, /Somebody Unheard Of/)
})

test('heads of cards that are hostile or wrong give nothing', () => {
  for (const head of [
    'license: [',
    'license: {a: 1}',
    '&a [*a, *a]',
    'a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d [*c,*c]\ne: [*d,*d,*d,*d,*d]',
  ]) {
    assert.equal(cardTags(`---\n${head}\n---\n`, 'x')?.licence ?? null, null)
  }
  assert.equal(cardTags('no head', 'x'), null)
  assert.deepEqual(
    cardTags('---\nlicense: other\nlicense_name: llama3.1\nbase_model: a/b\n---', 'x'),
    { name: 'x', licence: 'llama3.1', bases: ['a/b'] },
  )
})

test('every licence has sources, fingerprints that differ, and sketches that know themselves', () => {
  const seen = new Map<string, string>()
  for (const { id, texts, sketches, sources, conditions } of shippedLicences()) {
    assert.ok(sources.length > 0)
    for (const text of texts) {
      assert.equal(seen.get(text) ?? id, id)
      seen.set(text, id)
    }
    assert.equal(new Set(conditions.map((one) => one.id)).size, conditions.length, id)
    for (const packed of sketches) {
      const hashes = packed.match(/.{12}/g) ?? []
      assert.equal(similarity(hashes, hashes), 1)
    }
  }
  assert.equal(similarity(sketch('a b c d e'), sketch('v w x y z')), 0)
  assert.ok(fingerprintsOf(MIT).whole.length > 1)
})

test('a name finds its family and no other version of it', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['smollm2', 'smollm-2'],
    ['SmolLM2-135M-Instruct', 'smollm-2'],
    ['meta-llama/Llama-3.1-8B-Instruct', 'llama-3.1'],
    ['qwen2.5-7b-instruct', 'qwen-2.5'],
    ['gpt-oss-120b', 'gpt-oss'],
    // which of the two is not said
    ['llama3.2', undefined],
    ['llama-9.9', undefined],
    ['nothing', undefined],
  ]
  for (const [name, id] of cases) assert.equal(findFamily(name)?.id, id, name)
})

test('a text too long to be read, or with more behind it than is read, is not known', () => {
  const padded = `${MIT}${' '.repeat(LONGEST_TEXT)}\nIt must not be used by companies.\n`
  assert.equal(recognise(padded).kind, 'unknown')
  // a title with two million marks behind it is looked at once
  assert.equal(recognise(`MIT License${'!'.repeat(1_900_000)}x\n${MIT}`).kind, 'resembles')
})

test('more models than anybody makes one of are one that nobody knows', () => {
  const card = (count: number): string =>
    `---\nlicense: mit\nbase_model: [${Array.from({ length: count }, () => 'bigscience/bloom').join(', ')}]\n---\n`
  const bases = (count: number): readonly string[] => cardTags(card(count), 'mine')?.bases ?? []
  assert.equal(bases(20).length, 20)
  assert.equal(bases(2000).at(-1), UNNAMED)
  const tags = { name: 'mine', licence: 'mit', bases: bases(2000) }
  const judgement = judge(claimsOf(tags, null, null).claims, FRENCH, TEXT_ONLY)
  assert.ok(judgement.reasons.includes('licence-unknown'))
})

test('a model of which no modality is told may be of any', () => {
  const silent = judge([byTag('llama-4')], FRENCH, { modalities: [], isDerived: false })
  assert.notEqual(silent.verdict, 'allow-with-duties')
})
