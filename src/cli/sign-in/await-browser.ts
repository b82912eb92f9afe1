import { createServer } from 'node:http'
import type { Said } from '../terminal.ts'

/** What the browser brought back: a code, or the code of a refusal. */
export type BrowserAnswer = { readonly code: string } | { readonly error: string }

export interface BrowserWaiting {
  readonly port: number
  /** Null when nobody came in time. */
  readonly answer: Promise<BrowserAnswer | null>
  close(): void
}

/** Listens on this machine alone for the browser that comes back from sign-in (RFC 8252, section 7.3). Only an answer with our own state counts. */
export async function awaitBrowser(
  state: string,
  language: keyof Said,
  timeoutMs: number,
): Promise<BrowserWaiting> {
  let settle: (answer: BrowserAnswer | null) => void = () => {}
  const answer = new Promise<BrowserAnswer | null>((resolve) => {
    settle = resolve
  })
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const code = searchParams.get('code')
    const error = searchParams.get('error')
    const isOurs = request.method === 'GET' && searchParams.get('state') === state
    response.writeHead(isOurs ? 200 : 400, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'",
      'referrer-policy': 'no-referrer',
      connection: 'close',
    })
    const said = isOurs && code !== null ? DONE : FAILED
    response.end(`<!doctype html><title>Écluse</title><h1>Écluse</h1><p>${said[language]}</p>`)
    if (!isOurs) return
    if (code !== null) settle({ code })
    else settle({ error: error ?? 'sign-in-invalid' })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const timer = setTimeout(() => settle(null), timeoutMs)
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    answer,
    close() {
      clearTimeout(timer)
      server.close()
      server.closeIdleConnections()
    },
  }
}

const DONE: Said = {
  en: 'You are signed in at the command line. This page can be closed.',
  fr: 'Vous êtes connecté en ligne de commande. Vous pouvez fermer cette page.',
}
const FAILED: Said = {
  en: 'The sign-in did not succeed; the command line says why.',
  fr: "La connexion n'a pas abouti ; la ligne de commande dit pourquoi.",
}
