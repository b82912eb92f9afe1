import assert from 'node:assert/strict'
import { storeContract } from '../contract.ts'
import { openPostgres } from './open.ts'
import { noServer } from './server-binaries.fixture.ts'
import { freshDatabase } from './server.fixture.ts'

const skip = await noServer()

storeContract(
  'postgres',
  async () => {
    const database = await freshDatabase()
    const opened = await openPostgres({ url: database.url })
    assert.ok(opened.ok)
    const store = opened.value
    return { ...store, close: () => store.close().finally(() => database.drop()) }
  },
  skip,
)
