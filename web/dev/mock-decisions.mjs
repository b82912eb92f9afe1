// For development only: rows of a ledger that never was.
import { MODEL } from './mock-verdict.mjs'

let counter = 0

const newId = () =>
  `01k9x${(Date.now() + (counter += 1)).toString(32)}q${counter.toString(32).padStart(4, '0')}`

export function row(over = {}) {
  return {
    id: newId(),
    at: Date.now(),
    surface: 'openai-chat',
    key: 'admin',
    model: 'auto',
    class: 'public',
    categories: [],
    undetermined: false,
    findings: {},
    destination: 'cloud',
    served: 'mistral-small',
    zone: 'managed',
    refusal: null,
    outcome: {
      status: 'answered',
      code: null,
      promptTokens: 41,
      completionTokens: 126,
      firstByteMs: 210,
      totalMs: 1840,
    },
    ...over,
  }
}

const at = (secondsAgo) => Date.now() - secondsAgo * 1000
export const exampleRows = () => [
  row({
    at: at(12),
    outcome: null,
    destination: 'embedded',
    served: MODEL,
    zone: 'device',
    class: 'restricted',
    categories: ['personal'],
    findings: { FR_NIR: 1 },
  }),
  row({ at: at(64) }),
  row({
    at: at(140),
    class: 'restricted',
    categories: ['credentials'],
    findings: { SECRET: 2 },
    model: 'gpt-5',
    destination: null,
    served: null,
    zone: null,
    refusal: 'no-eligible-destination',
    outcome: {
      status: 'refused',
      code: 'no-eligible-destination',
      promptTokens: null,
      completionTokens: null,
      firstByteMs: null,
      totalMs: 3,
    },
  }),
  row({
    at: at(222),
    class: 'internal',
    categories: ['personal'],
    findings: { EMAIL_ADDRESS: 1 },
  }),
  row({
    at: at(310),
    class: 'confidential',
    categories: ['finance'],
    findings: { IBAN_CODE: 1 },
    destination: 'embedded',
    served: MODEL,
    zone: 'device',
    outcome: {
      status: 'answered',
      code: null,
      promptTokens: 1204,
      completionTokens: 388,
      firstByteMs: 640,
      totalMs: 12_480,
    },
  }),
  row({
    at: at(420),
    outcome: {
      status: 'failed',
      code: 'destination-failed',
      promptTokens: null,
      completionTokens: null,
      firstByteMs: null,
      totalMs: 30_012,
    },
  }),
  row({
    at: at(600),
    class: 'restricted',
    undetermined: true,
    destination: 'embedded',
    served: MODEL,
    zone: 'device',
  }),
  ...Array.from({ length: 20 }, (_, index) => row({ at: at(700 + index * 97) })),
]
