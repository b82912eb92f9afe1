import * as z from 'zod/mini'
import type { Http } from './http.ts'

const Provider = z.object({ id: z.string(), name: z.string() })
/** An identity provider that people can sign in with. */
export type Provider = z.infer<typeof Provider>

const Providers = z.object({ providers: z.array(Provider) })

/** The identity providers of this gateway; empty when it has none. */
export const signInProviders = async (
  http: Http,
  signal: AbortSignal,
): Promise<readonly Provider[]> =>
  (await http.json({ path: '/api/sign-in', signal }, Providers)).providers

/** Where signing in with a provider begins: a page to go to, which comes back to `place`. */
export const startOf = ({ id }: Pick<Provider, 'id'>, place: string): string =>
  `/api/sign-in/start/${encodeURIComponent(id)}?${new URLSearchParams({ return: place })}`
