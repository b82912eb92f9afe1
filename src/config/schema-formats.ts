import { z } from 'zod'

/** What a text must look like; the name is the key of its description in type-words.ts. */
export type FormatName =
  | 'host-port'
  | 'host-name'
  | 'address-block'
  | 'jurisdiction'
  | 'country'
  | 'identifier'
  | 'http-url'
  | 'one-line'
  | 'finding-type'
  | 'window'
  | 'dimensions'
  | 'some-limit'
  | 'time-zone'
  | 'currency'
  | 'decimal'
  | 'day'
  | 'issuer-url'
  | 'own-url'
  | 'mail-domain'
  | 'digest'
  | 'public-key'

/** A text that passes a test. */
export const formatted = (expected: FormatName, valid: (text: string) => boolean) =>
  z.string().refine(valid, { params: { expected } })

/** A text of a pattern. */
export const matching = (expected: FormatName, pattern: RegExp) =>
  z.string().regex(pattern, { error: expected })

export const Identifier = matching('identifier', /^[a-z0-9][a-z0-9._-]{0,63}$/)

export const OneLine = formatted(
  'one-line',
  (text) => /^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u.test(text) && text === text.trim(),
)
