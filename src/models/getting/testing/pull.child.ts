// For tests: one step of the store in a process of its own, which may be killed at any moment. Tells each step on a line.
import { createServer } from 'node:net'
import { findModel } from '../../store/find-model.ts'
import type { PullContext } from '../../pull/pull-request.ts'
import { findGarbage, removeGarbage } from '../collect-garbage.ts'
import { exportModel, importModel } from '../model-bundle.ts'
import { pullSet } from '../pull-set.ts'
import { codeOf, ports } from './get.ts'

const [action = '', dir = '', what = '', more = ''] = process.argv.slice(2)
const tell = (line: string): void => void process.stdout.write(`${line}\n`)
const context: PullContext = {
  dir,
  ports,
  signal: new AbortController().signal,
  onProgress: (progress) => tell(progress.phase),
}

async function act(): Promise<string> {
  if (action === 'gc') {
    const found = await findGarbage(dir, Date.now() + 7_200_000)
    if (found === 'unreadable-manifest') return found
    for (const one of found) {
      await removeGarbage(dir, [one], Date.now() + 7_200_000)
      tell('removed')
    }
    return 'done'
  }
  if (action === 'export') {
    const manifest = await findModel(dir, what)
    if (manifest === null) return 'absent'
    const beside = { record: null, signature: null, publicKey: null }
    return codeOf(await exportModel(manifest, more, beside, context))
  }
  if (action === 'import') return codeOf(await importModel(what, undefined, context))
  const nowhere = 'http://127.0.0.1:1'
  const request = { dir, reference: what, ollamaRegistry: nowhere, ollamaStore: dir }
  const asked = { ...request, hub: more || nowhere, name: 'm' }
  return codeOf(await pullSet(asked, ports, context.onProgress, context.signal))
}

// a process that has nothing to wait for would end before it is killed
const held = createServer().listen(0, '127.0.0.1')
tell(`end ${await act()} ${Math.round(process.memoryUsage().rss / 1e6)}`)
held.close()
