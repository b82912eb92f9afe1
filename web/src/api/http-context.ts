import { createContext, use } from 'react'
import type { Http } from './http.ts'

/** The transport that the page was started with. */
export const HttpContext = createContext<Http | null>(null)

/** The transport, for components. @throws outside of its provider, which is a bug. */
export function useHttp(): Http {
  const http = use(HttpContext)
  if (http === null) throw new Error('HttpContext has no value')
  return http
}
