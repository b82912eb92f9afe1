import { createHmac } from 'node:crypto'
import type { Finding } from '#kernel/label.ts'
import { createClassifier, type Classify } from '../classify.ts'
import { addTerms } from './add-terms.ts'
import { putList, putPattern } from './edit-own.ts'
import type { Digest } from './lanes.ts'
import {
  EMPTY_DATA,
  openOwnTerms,
  type Match,
  type Meaning,
  type OwnData,
  type OwnTerms,
} from './own-terms.ts'
import { registerDocument } from './register-document.ts'

/** A digest under a key of the tests. */
export const testDigest: Digest = (text) =>
  createHmac('sha256', 'a key of the tests').update(text).digest()

export const meaning = (id: string, more: Partial<Meaning> = {}): Meaning => ({
  id,
  owner: '',
  class: 'confidential',
  category: 'company',
  ...more,
})

/** The tables of some data. */
export function opened(data: OwnData, version = 'one'): OwnTerms {
  const own = openOwnTerms(data, version, testDigest)
  if (own === null) throw new Error('a pattern is refused')
  return own
}

/** One list of terms. */
export function listOf(
  terms: readonly string[],
  match: Match = 'inflected',
  of: Meaning = meaning('projects'),
  before: OwnData = EMPTY_DATA,
): OwnTerms {
  const put = putList(before, { ...of, match })
  if (!put.ok) throw new Error(put.error)
  const index = put.value.lists.findIndex(({ id }) => id === of.id)
  return opened(addTerms(opened(put.value), index, terms).data)
}

export function patternOf(source: string, ignoreCase = false): OwnTerms {
  const put = putPattern(EMPTY_DATA, { ...meaning('codes'), source, ignoreCase })
  if (!put.ok) throw new Error(put.error)
  return opened(put.value)
}

export function documentOf(
  text: string,
  of: Meaning = meaning('plan'),
  before: OwnData = EMPTY_DATA,
): OwnTerms {
  const registered = registerDocument(opened(before), of, text)
  if (!registered.ok) throw new Error(registered.error)
  return opened(registered.value.data)
}

const classifiers = new WeakMap<OwnTerms, Classify>()

/** What of the company's own is found in texts. */
export function ownFindings(own: OwnTerms, ...texts: readonly string[]): readonly Finding[] {
  const classify = classifiers.get(own) ?? createClassifier(undefined, null, { current: own })
  classifiers.set(own, classify)
  const parts = texts.map((text) => ({ path: 'messages.0.content', text, kind: 'text' }) as const)
  return classify(parts, { floor: 'public' }).findings.filter(({ type }) =>
    type.startsWith('COMPANY_'),
  )
}
