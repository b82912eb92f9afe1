import { askJson } from '#cli/ask-json.ts'
import type { AdminClient } from '#cli/admin-client.ts'
import type { Said } from '#cli/terminal.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import { ok, type Result } from '#kernel/result.ts'
import { readHomeHolder } from '#store/sqlite/home-lock.ts'
import type { Config } from '#config/types.ts'
import { homePaths } from './home-paths.ts'

export interface AdminOptions {
  readonly version: string
  readonly root: string
  readonly environment: Readonly<Record<string, string>>
  /** Of the person at the terminal: refusals are told in it. */
  readonly language: Language
  readonly note: (line: string) => void
}

/** The administration of the running gateway over its socket; when none runs, the same routes over the data directory itself. */
export async function adminClient(
  config: Config,
  options: AdminOptions,
): Promise<Result<AdminClient, Said>> {
  const { adminSocket, run } = homePaths(config.home)
  if (readHomeHolder(run)) return ok(socketClient(adminSocket, options.language))
  const { idleAdmin } = await import('./idle-admin.ts')
  return idleAdmin(config, options)
}

const socketClient = (socketPath: string, language: Language): AdminClient => ({
  request: (method, path, body) =>
    askJson({
      options: { socketPath, method, path },
      headers: { host: 'localhost' },
      language,
      body,
    }),
  close: () => Promise.resolve(),
})
