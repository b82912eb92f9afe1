import { parsedJson } from '#cli/ask-json.ts'
import type { AdminClient } from '#cli/admin-client.ts'
import type { Said } from '#cli/terminal.ts'
import { buildApp } from '#gateway/app.ts'
import { ok, type Result } from '#kernel/result.ts'
import type { Config } from '#config/types.ts'
import type { AdminOptions } from './admin.ts'
import { idleBoardEngine } from './board-engine.ts'
import { openCore } from './core.ts'
import { discovered } from './discovered.ts'
import { ownerIdentity } from './gateway-identity.ts'
import { openHouse } from './house.ts'
import { createLog } from './log.ts'

/** The routes of the administration over a data directory that nobody holds: this process holds it meanwhile. */
export async function idleAdmin(
  config: Config,
  options: AdminOptions,
): Promise<Result<AdminClient, Said>> {
  const opened = await openCore(config, '-')
  if (!opened.ok) return opened
  const core = opened.value
  const log = createLog(config.log.level, core.clock, options.note)
  const found = config.discover ? await discovered(config.destinations) : []
  const { house, close } = await openHouse({
    config,
    core,
    engine: await idleBoardEngine(config),
    discovered: found,
    page: () => ({ state: 'absent' }),
    log,
    version: options.version,
  })
  const app = buildApp({ ...house, identity: ownerIdentity(house.identity) }, SETTINGS, null)
  return ok({
    async request(method, path, body) {
      const answer = await app.fastify.inject({
        method,
        url: path,
        headers: {
          host: 'localhost',
          'accept-language': options.language,
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      })
      return { status: answer.statusCode, body: parsedJson(answer.body) }
    },
    async close() {
      await app.fastify.close()
      await close()
      await core.close()
    },
  })
}

const SETTINGS = {
  hosts: new Set(['localhost']),
  // a document, or a part of a long list
  bodyBytes: 16 * 1024 * 1024,
  depth: 16,
  secure: false,
  trustedProxies: [],
}
