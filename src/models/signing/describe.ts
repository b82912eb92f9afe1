import { printable } from '#kernel/printable.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import type { SigningCode, SigningProblem } from './problem.ts'
import { FILES_WORDINGS } from './wordings-files.ts'
import { SIGNATURE_WORDINGS } from './wordings-signature.ts'

interface Wording {
  readonly message: string
  readonly remedy: string
}

/** What happened, and what to do about it. */
export type SigningWordings = Readonly<Record<SigningCode, Readonly<Record<Language, Wording>>>>

const WORDINGS: SigningWordings = { ...SIGNATURE_WORDINGS, ...FILES_WORDINGS }

/** A problem in words. */
export function describeSigning({ code, detail }: SigningProblem, language: Language): Wording {
  const { message, remedy } = WORDINGS[code][language]
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (_, name: string) => printable(String(detail?.[name] ?? '?')))
  return { message: fill(message), remedy: fill(remedy) }
}
