import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CliWaiting } from '#identity/oidc/transaction.ts'
import { preferredLanguage } from '#kernel/language.ts'
import { describeRefusal } from '#kernel/refusal-messages.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { PAGE_HEADERS } from '../perimeter.ts'
import { STATUS } from '../refusal-status.ts'

/** Back to the command line that waits on this machine: its port is all that was ever asked of it. */
export function cliRedirect(
  { port, state }: CliWaiting,
  answer: { readonly code: string } | { readonly error: string },
): string {
  const query = new URLSearchParams({ ...answer, state })
  return `http://127.0.0.1:${port ?? 0}/?${query.toString()}`
}

/** A sign-in that was refused, in words: the browser is not on our page any more. */
export function refusalPage(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
): FastifyReply {
  const language = preferredLanguage(request.headers['accept-language'])
  const { message, remedy } = describeRefusal(refusal, language)
  const html = `<p>${escaped(message)}</p><p>${escaped(remedy)}</p><p><a href="/">${BACK[language]}</a></p><p><code>${refusal.code}</code></p>`
  return page(
    reply.code(STATUS[refusal.code]).header('x-ecluse-error', refusal.code),
    language,
    html,
  )
}

/** The code for a command line on another machine, to be pasted there. */
export function codePage(request: FastifyRequest, reply: FastifyReply, code: string): FastifyReply {
  const language = preferredLanguage(request.headers['accept-language'])
  const { lead, warning } = PASTE[language]
  return page(reply, language, `<p>${lead}</p><p><code>${code}</code></p><p>${warning}</p>`)
}

const page = (reply: FastifyReply, language: Language, html: string): FastifyReply =>
  reply
    .headers(PAGE_HEADERS)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html lang="${language}"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Écluse</title><h1>Écluse</h1>${html}</html>`,
    )

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/`([^`]*)`/g, '<code>$1</code>')

const BACK = { en: 'Back to the sign-in page', fr: 'Retour à la page de connexion' } as const

const PASTE = {
  en: {
    lead: 'Paste this code where <code>ecluse sign-in</code> waits for it:',
    warning:
      'Did you not start <code>ecluse sign-in</code> yourself? Then close this page, and give the code to nobody.',
  },
  fr: {
    lead: 'Collez ce code là où <code>ecluse sign-in</code> l’attend :',
    warning:
      'Vous n’avez pas lancé <code>ecluse sign-in</code> vous-même ? Fermez cette page, et ne donnez ce code à personne.',
  },
} as const
