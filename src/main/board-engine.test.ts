import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { configOn } from '#config/load-for-test.ts'
import { gguf, textValue } from '#models/gguf/gguf.fixture.ts'
import { machinePorts } from '#models/pull/pull-ports.ts'
import { pullModel } from '#models/pull/pull.ts'
import { storePaths } from '#models/store/store-layout.ts'
import { openBoardEngine } from './board-engine.ts'
import { homePaths } from './home-paths.ts'

/** An engine on board, not started, with one model in its store. */
async function boarded(t: TestContext) {
  const home = await mkdtemp(join(tmpdir(), 'ecluse-board-'))
  t.after(() => rm(home, { recursive: true, force: true }))
  const config = { ...configOn({}), home }
  const dir = homePaths(home).models
  const from = join(home, 'small.gguf')
  await writeFile(from, gguf([['general.architecture', textValue('llama')]], [['w', [2]]]))
  const pulled = await pullModel(
    { dir, from },
    [],
    machinePorts(Date.now, randomUUID, {}),
    () => undefined,
    new AbortController().signal,
  )
  assert.ok(pulled.ok, JSON.stringify(pulled))
  const { digest } = pulled.value
  const board = await openBoardEngine({ config, log: () => {}, environment: {} })
  const stopped = () => board.destination()?.models.find((one) => one.name === 'small')?.stopped
  return { board, paths: storePaths(dir), digest, stopped }
}

test('a file that changed serves nothing, also where no mark can be put beside it, until it is right again', async (t) => {
  for (const canMark of [true, false]) {
    const { board, paths, digest, stopped } = await boarded(t)
    const right = gguf([['general.architecture', textValue('llama')]], [['w', [2]]])
    await board.reverify()
    assert.equal(stopped(), undefined)
    // nothing can be written through a link to a folder that is not there
    if (!canMark) await symlink('/nowhere/at/all', paths.changed(digest))
    await writeFile(paths.blob(digest), 'other bytes')
    await board.reverify()
    assert.equal(stopped(), 'changed', `mark: ${canMark}`)
    await writeFile(paths.blob(digest), right)
    await board.reverify()
    if (!canMark) assert.equal(stopped(), undefined)
  }
})
