import { mkdir } from 'node:fs/promises'
import { claim } from '../store/claim.ts'
import { storePaths } from '../store/store-layout.ts'
import type { PullContext } from './pull-request.ts'

/** Work that brings files of one model into the store: nobody collects them before they have a name. */
export async function whileClaimed<T>(
  context: PullContext,
  work: (context: PullContext) => Promise<T>,
): Promise<T> {
  const { dir, ports } = context
  if (context.claim) return work(context)
  const paths = storePaths(dir)
  for (const path of [paths.blobs, paths.manifests, paths.partial])
    await mkdir(path, { recursive: true, mode: 0o700 })
  const own = await claim(dir, ports.newId(), ports.now())
  try {
    return await work({ ...context, claim: own })
  } finally {
    await own.end()
  }
}
