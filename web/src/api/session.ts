import * as z from 'zod/mini'
import { ApiError } from './failure.ts'
import type { Http } from './http.ts'

const Session = z.object({ name: z.string(), scopes: z.array(z.string()), tenant: z.string() })
/** Who is signed in, as the key says. */
export type Session = z.infer<typeof Session>

/** Exchanges a key for a session cookie. */
export const signIn = (http: Http, key: string): Promise<Session> =>
  http.json({ method: 'POST', path: '/api/session', body: { key } }, Session)

/** Who is signed in; null when nobody is. */
export async function currentSession(http: Http, signal: AbortSignal): Promise<Session | null> {
  try {
    return await http.json({ path: '/api/session', signal }, Session)
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status === 401) return null
    throw thrown
  }
}

/** Ends the session on the gateway; a session that is already over is a success. */
export async function signOut(http: Http): Promise<void> {
  try {
    await http.open({ method: 'DELETE', path: '/api/session' })
  } catch (thrown) {
    if (!(thrown instanceof ApiError && thrown.status === 401)) throw thrown
  }
}
