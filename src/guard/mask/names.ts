import type { MaskStyle } from '#kernel/duties.ts'
import { fakeOf } from '../fakes/fake-of.ts'
import type { MaskedValue, Naming } from './mask-plan.ts'
import { lettersOf, LONGEST, placeholderText, SHORTEST } from './placeholder.ts'
import { folded } from './normal-value.ts'
import { tagOf } from './tags.ts'

/** 32 bytes that only this house can compute, of one tenant and one destination. */
export type KeyedDigest = (text: string) => Uint8Array

/** What stands for the values of one conversation at one destination, and which value stands behind it. */
export interface Names extends Naming {
  /** By the letters of its placeholder, upper case. */
  readonly byLetters: ReadonlyMap<string, MaskedValue>
  /** Fakes, and the values they stand for. */
  readonly fakes: readonly { readonly fake: string; readonly value: MaskedValue }[]
}

/** How often another fake is tried where one is taken. */
const MOST_TRIES = 16

/**
 * The names of all these values. A name depends on the key, on the text that opened the conversation and on the value
 * alone: the same in every turn, another one at every destination. Where two would have the same, the later value gets a
 * longer one.
 */
export function namesFor(
  values: readonly MaskedValue[],
  of: { readonly digest: KeyedDigest; readonly opening: string; readonly style: MaskStyle },
): Names {
  const conversation = Buffer.from(of.digest(`opening\0${of.opening}`)).toString('base64')
  const names = new Map<MaskedValue, string>()
  const ours = new Set<string>()
  const byLetters = new Map<string, MaskedValue>()
  const fakes: { fake: string; value: MaskedValue }[] = []
  const taken = new Set(values.map(({ text }) => folded(text)))
  const digestOf = ({ sameness, normal }: MaskedValue, round: string): Uint8Array =>
    of.digest(`value\0${conversation}\0${sameness}\0${normal}\0${round}`)
  const fakeFor = (value: MaskedValue): string | null => {
    for (let i = 0; i < MOST_TRIES; i++) {
      const fake = fakeOf(value, digestOf(value, `fake ${i}`))
      if (fake === null) return null
      const key = folded(fake)
      if (taken.has(key)) continue
      taken.add(key)
      return fake
    }
    return null
  }
  const placeholderFor = (value: MaskedValue): string => {
    const digest = digestOf(value, '')
    let length = SHORTEST
    while (length < LONGEST && byLetters.has(lettersOf(digest, length))) length += 1
    const letters = lettersOf(digest, length)
    byLetters.set(letters, value)
    const name = placeholderText(tagOf(value.type), letters)
    ours.add(name)
    return name
  }
  const nameOf = (value: MaskedValue): string => {
    const known = names.get(value)
    if (known !== undefined) return known
    const fake = of.style === 'fake' ? fakeFor(value) : null
    if (fake !== null) fakes.push({ fake, value })
    const name = fake ?? placeholderFor(value)
    names.set(value, name)
    return name
  }
  for (const value of values) nameOf(value)
  return { nameOf, isOurs: (placeholder) => ours.has(placeholder), byLetters, fakes }
}
