/** What a room may import from others: values, and types on top of those. */
export interface RoomRule {
  readonly values: readonly string[]
  readonly types: readonly string[]
  /** Node's own modules and packages whose import is refused; a trailing `*` matches any ending. */
  readonly forbidden?: readonly string[]
}

const BASE = [
  'protocols',
  'classify',
  'guard',
  'models',
  'policy',
  'ledger',
  'economics',
  'budgets',
  'quotas',
  'caches',
] as const
const PORTS = [
  'ledger',
  'identity',
  'policy',
  'models',
  'pipeline',
  'quotas',
  'budgets',
  'caches',
] as const
const SURFACE = ['kernel', ...BASE, 'pipeline', 'identity', 'config'] as const

/** The rooms of docs/request-path.md, lowest first; imports go down only. */
export const ROOMS: Readonly<Record<string, RoomRule>> = {
  kernel: { values: [], types: [] },
  protocols: { values: ['kernel'], types: [] },
  classify: { values: ['kernel'], types: [] },
  guard: { values: ['kernel', 'classify'], types: ['protocols'] },
  models: { values: ['kernel'], types: [] },
  policy: { values: ['kernel'], types: ['classify', 'models'] },
  ledger: { values: ['kernel'], types: [] },
  quotas: { values: ['kernel'], types: [] },
  caches: { values: ['kernel'], types: ['policy', 'protocols'] },
  economics: { values: ['kernel'], types: [] },
  budgets: { values: ['kernel', 'economics'], types: ['ledger'] },
  // The table of contents of the product: it decides what happens, never how a byte moves.
  pipeline: { values: ['kernel', ...BASE], types: ['identity'], forbidden: ['node:*'] },
  providers: { values: ['kernel', 'protocols', 'models', 'quotas'], types: ['pipeline'] },
  // the database keeps what the ledger chained, and counts as quotas do, in their own words
  store: { values: ['kernel', 'ledger', 'quotas'], types: PORTS },
  identity: { values: ['kernel'], types: ['ledger', 'policy'] },
  config: {
    values: ['kernel', 'economics', 'budgets', 'quotas'],
    types: ['providers', 'policy', 'models', 'identity', 'caches'],
  },
  gateway: { values: SURFACE, types: ['providers', 'store'] },
  // what happened, told to those who run it: events come in, nothing is decided here
  telemetry: { values: ['kernel'], types: ['ledger', 'protocols', 'gateway'] },
  cli: { values: [...SURFACE, 'gateway'], types: ['providers', 'store'] },
}

/** Files and folders above the rooms: they see everything and wire it. */
export const ABOVE = ['src/main.ts', 'src/main/', 'src/config.ts'] as const

/** Files a room may open to those that could not see it otherwise: plain data or a contract, nothing behind it. */
export const OPEN_FILES: Readonly<Record<string, readonly string[]>> = {
  '#providers/vendors.json': ['config', 'gateway', 'cli'],
  '#providers/discover/list-vendors.ts': ['config'],
  '#classify/data/type-names.ts': ['config'],
  '#classify/class-edits.ts': ['config'],
  '#policy/condition.ts': ['config'],
  '#policy/rule.ts': ['config'],
  '#policy/ports.ts': ['store'],
}

/** Where the network may be touched; elsewhere it goes through these rooms. */
export const NETWORK = {
  modules: [
    'undici',
    'node:http',
    'node:https',
    'node:http2',
    'node:net',
    'node:tls',
    'node:dgram',
  ],
  rooms: ['providers', 'gateway', 'models', 'cli'],
  /** Parts of those modules that only read an address. */
  harmless: ['isIP', 'isIPv4', 'isIPv6', 'BlockList'],
} as const

/** Every file that opens a connection, or listens for one; docs/passage.md says what guards each. A new one is a new exit. */
export const EXITS: readonly string[] = [
  // content, by a passage
  'src/providers/net.ts',
  // no content: documents, probes, alerts, checkpoints, figures, weights
  'src/providers/outbound-fetch.ts',
  'src/providers/webhook-line.ts',
  'src/providers/discover/loopback-get.ts',
  'src/models/pull/pull-ports.ts',
  'src/models/pull/pull-proxy.ts',
  'src/main/otlp-line.ts',
  // from one process of ours to another on this machine
  'src/providers/embedded/engine-server.ts',
  'src/gateway/forward.ts',
  'src/main/board-engine.ts',
  'src/cli/local-http.ts',
  'src/cli/chat-request.ts',
  // the command line, as a client of a gateway
  'src/cli/ask-json.ts',
  'src/cli/sign-in/await-browser.ts',
]

/** Every file that takes the bytes out of a passage. */
export const OPENERS: readonly string[] = [
  'src/providers/http.ts',
  'src/main/keep-content.ts',
  'src/caches/kept-answers.ts',
  'src/pipeline/cached.ts',
  'src/main/review-desk.ts',
]

/** Ways out that carry no content: whoever uses one may not even know the types that content has. */
export const WITHOUT_CONTENT = {
  openers: ['openOutboundFetch', 'openWebhookLine', 'openOtlpLine'],
  content: [
    '#kernel/passage.ts',
    '#kernel/text-part.ts',
    '#protocols/surface.ts',
    '#protocols/conversation.ts',
    '#protocols/answer-event.ts',
  ],
} as const

/** The name that makes passages, and the only file that may import it. */
export const MINT = { name: 'createPassageMint', file: 'src/policy/gate.ts' } as const

/** Names that say nothing about what a file holds. */
export const EMPTY_NAMES = [
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'misc',
  'shared',
] as const
