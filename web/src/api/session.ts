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

const Left = z.object({ next: z.string() })

/**
 * Ends the session on the gateway; a session that is already over is a success. Where an identity provider vouched for
 * it: the address that ends it there too.
 */
export async function signOut(http: Http): Promise<string | null> {
  try {
    const answer = await http.open({ method: 'DELETE', path: '/api/session' })
    if (answer.status === 204) return null
    const left = Left.safeParse(await answer.json())
    return left.success && /^https?:/.test(left.data.next) ? left.data.next : null
  } catch (thrown) {
    if (!(thrown instanceof ApiError && thrown.status === 401)) throw thrown
    return null
  }
}
