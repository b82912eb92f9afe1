import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const Release = z.object({ release: z.string() })

/** The release of llama.cpp that the binaries of the engine on board were built from; null when they do not say. */
export function bundledLlama(): string | null {
  try {
    const library = createRequire(import.meta.url).resolve('node-llama-cpp')
    // the library lies in dist/, what it was built from beside that
    const path = join(dirname(library), '..', 'llama', 'binariesGithubRelease.json')
    return Release.parse(JSON.parse(readFileSync(path, 'utf8'))).release
  } catch {
    return null
  }
}
