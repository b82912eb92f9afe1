import { preferredLanguage } from '#kernel/language.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import type { AdminRoute } from './routes.ts'

/** `POST /api/reload`: reads the configuration again; a bad one changes nothing and is told with file, line and message. */
export function reloadRoute(route: AdminRoute, house: GatewayHouse): void {
  route('POST', '/reload', 'config.write', async (request, reply, caller) => {
    const language = preferredLanguage(request.headers['accept-language'])
    const reloaded = await house.reload(caller.keyId, language)
    if (!reloaded.ok) return adminRefusal(request, reply, reloaded.error)
    const { outcome } = reloaded.value
    return adminAnswer(reply.code(outcome === 'refused' ? 422 : 200), reloaded.value)
  })
}
