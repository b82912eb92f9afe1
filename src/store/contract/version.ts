import assert from 'node:assert/strict'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'

/** What the stack map and the bill of materials say of the database. */
export function versionContract(open: OpenFresh): void {
  withStore(open, 'the database tells the version of its program, in numbers', async (store) => {
    assert.match((await store.version()) ?? '', /^\d+\.\d+/)
  })
}
