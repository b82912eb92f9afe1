import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KEY, manifest, openDesk, ADA, START } from './admission.fixture.ts'
import { attest } from './attest.ts'
import { countersign } from './countersign.ts'
import { digestOfFiles } from '../store/files-digest.ts'

const file = (path: string, digit: string) => ({ path, digest: digit.repeat(64), bytes: 1 })

/** What a bundle over some of the files of a model is taken for. */
async function shown(all: readonly string[], signed: readonly string[]): Promise<string> {
  const files = all.map((path, at) => file(path, String(at)))
  const { desk } = openDesk()
  const made = await desk.bring(manifest('a', { digest: digestOfFiles(files), files }), ADA)
  assert.ok(made.ok)
  const of = files.filter(({ path }) => signed.includes(path))
  const bundle = countersign({ name: 'm', files: of }, KEY)
  const known = { manifest: null, isPinned: false, now: START }
  const proof = attest(made.value, { bundle, publicKey: KEY.publicPem }, known)
  return proof.ok ? proof.value.kind : proof.error
}

test('a signature shows whose all files are but what lies beside a model in a repository', async () => {
  const model = ['config.json', 'model.gguf']
  assert.equal(await shown(model, model), 'signature')
  assert.equal(await shown([...model, 'model.sig', '.gitattributes'], model), 'signature')
  assert.equal(await shown([...model, 'evil.txt'], model), 'files-differ')
})

test('weights that would be loaded are signed, also where signatures list nothing', async () => {
  const papers = ['README.md', 'config.json']
  for (const hidden of ['.github/model.gguf', '.git/a.gguf'])
    assert.equal(await shown([...papers, hidden], papers), 'files-differ', hidden)
})
