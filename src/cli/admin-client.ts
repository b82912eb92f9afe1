import type { Language } from '#kernel/refusal-messages.ts'

export interface AdminAnswer {
  readonly status: number
  readonly body: unknown
}

/** Speaks to the admin API, over the socket of the running gateway or in this process. */
export interface AdminClient {
  request(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<AdminAnswer>
  close(): Promise<void>
}

/** The message and remedy of a refused admin request. */
export function adminProblem(answer: AdminAnswer, language: Language): string {
  const { body } = answer
  if (typeof body === 'object' && body !== null && 'error' in body) {
    const { error } = body
    if (typeof error === 'object' && error !== null && 'message' in error && 'remedy' in error) {
      return `${String(error.message)} ${String(error.remedy)}`
    }
  }
  return language === 'fr'
    ? `Réponse inattendue (HTTP ${answer.status}).`
    : `Unexpected answer (HTTP ${answer.status}).`
}
