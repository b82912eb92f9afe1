import assert from 'node:assert/strict'
import { join } from 'node:path'
import { storeContract } from '../contract.ts'
import { openStore } from './open.ts'
import { temporaryDirectory } from './temporary.ts'

storeContract('sqlite', async () => {
  const directory = temporaryDirectory()
  const opened = openStore({ path: join(directory.path, 'ecluse.db') })
  assert.ok(opened.ok)
  const store = opened.value
  return { ...store, close: () => store.close().finally(() => directory.remove()) }
})
