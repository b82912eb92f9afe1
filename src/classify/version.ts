import { createHash } from 'node:crypto'
import { DEFAULT_CLASSES } from './data/classes.ts'
import { KEY_ISSUERS, TOKEN_FORMATS } from './data/token-formats.ts'
import { DETECTORS, literalGroups } from './detectors/list.ts'
import { NAME_WORDS } from './names/name-words.ts'
import sources from './names/sources.json' with { type: 'json' }

/** Raised by hand when the code of a rule changes; data change the digest by themselves. */
const RULES_REVISION = 3

/** Names the rules and data that made a label: `r<revision>-<12 hex digits>`. Equal versions give equal findings. */
export const CLASSIFIER_VERSION: string = `r${RULES_REVISION}-${createHash('sha256')
  .update(
    JSON.stringify([
      DETECTORS.map(({ id }) => id),
      literalGroups(DETECTORS),
      TOKEN_FORMATS,
      KEY_ISSUERS,
      DEFAULT_CLASSES,
      NAME_WORDS,
      sources.files,
    ]),
  )
  .digest('hex')
  .slice(0, 12)}`
