import type { Topic } from '../../meaning/find-topics.ts'
import { AFFAIRS_TOPICS } from './affairs-words.ts'
import { INTERNAL_TOPICS } from './internal-words.ts'
import { PEOPLE_TOPICS } from './people-words.ts'
import { TECHNICAL_TOPICS } from './technical-words.ts'

/** Company matters, French and English, from the definitions of the classes. */
export const COMPANY_TOPICS: readonly Topic[] = [
  ...PEOPLE_TOPICS,
  ...AFFAIRS_TOPICS,
  ...TECHNICAL_TOPICS,
  ...INTERNAL_TOPICS,
]
