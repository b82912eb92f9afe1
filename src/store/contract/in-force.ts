import assert from 'node:assert/strict'
import type { LedgerEvent } from '#ledger/event.ts'
import { openInForce } from '#ledger/in-force.ts'
import { readEvent } from '#ledger/read-event.ts'
import type { OpenFresh } from '../contract.ts'
import type { Store } from '../ports.ts'
import { withStore, writerOn } from './filled.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)

/** What the ledger was told of versions, oldest first. */
async function told(store: Store): Promise<string[]> {
  const events: LedgerEvent[] = []
  for await (const { record } of store.ledger.walk('main', 1)) {
    const event = readEvent(record?.payload ?? null)
    if (event) events.push(event)
  }
  return events.map((event) => {
    switch (event.type) {
      case 'policy-version':
        return `${event.document} ${event.previous} > ${event.version} by ${event.actor}`
      case 'configuration':
        return `configuration ${event.previous} > ${event.version}: ${event.sections.join(' ')}`
      case 'model-admission':
        return `${event.model} ${event.decision} ${event.digest?.at(0)} ${event.reasons.join(' ')}`
      default:
        return event.type
    }
  })
}

/** What is in force is told once, however often a gateway starts. */
export function inForceContract(open: OpenFresh): void {
  const started = async (store: Store, isShared = false) => {
    const { writer } = await writerOn(store)
    const parts = { ledger: store.ledger, record: writer, tenant: 'default', isShared }
    return { inForce: await openInForce(parts), close: () => writer.close() }
  }

  withStore(
    open,
    'a version in force is told when it is another one, and only then',
    async (store) => {
      for (const [policy, actor] of [
        ['p1', 'system'],
        ['p1', 'system'],
        ['p2', 'ada'],
      ] as const) {
        const { inForce, close } = await started(store)
        inForce.ruling({ document: 'policy', version: policy, actor, digest: A, reason: 'review' })
        inForce.ruling({ document: 'classes', version: 'c1', actor })
        if (inForce.configured() !== policy) inForce.configuration(policy, ['policy'], actor)
        inForce.configuration(policy, [], actor)
        await close()
      }
      const { inForce, close } = await started(store)
      // another key behind the same reference
      inForce.configuration('p2', ['destinations'], 'ada')
      await close()
      assert.deepEqual(await told(store), [
        'policy null > p1 by system',
        'classes null > c1 by system',
        'configuration null > p1: policy',
        'policy p1 > p2 by ada',
        'configuration p1 > p2: policy',
        'configuration p2 > p2: destinations',
      ])
    },
  )

  withStore(open, 'models that came and went are told, also while nothing ran', async (store) => {
    const model = (name: string, digest: string) => ({ name, digest, source: 'source-file' })
    const first = await started(store)
    first.inForce.models([model('small', A), model('large', B)])
    first.inForce.models([model('small', A), model('large', B)])
    first.inForce.models([model('small', B), model('large', B)])
    first.inForce.models([
      model('small', B),
      { ...model('large', B), withdrawn: 'weights-changed' },
    ])
    first.inForce.models([
      model('small', B),
      { ...model('large', B), withdrawn: 'weights-changed' },
    ])
    first.inForce.models([model('small', B), model('large', B)])
    await first.close()
    const second = await started(store)
    second.inForce.models([model('small', B)])
    await second.close()
    // beside others: that a model is not here says nothing of theirs
    const beside = await started(store, true)
    beside.inForce.models([])
    beside.inForce.models([model('own', A), model('small', B)])
    beside.inForce.models([model('small', B)])
    await beside.close()
    assert.deepEqual(await told(store), [
      'small admitted a pulled source-file',
      'large admitted b pulled source-file',
      'small admitted b pulled source-file',
      'large withdrawn b weights-changed',
      'large admitted b pulled source-file',
      'large withdrawn b removed',
      'own admitted a pulled source-file',
      'own withdrawn a removed',
    ])
  })
}
