/** One check taken away from the program: where, what stands there, and what stands there instead. */
export interface Mutant {
  readonly exit: string
  readonly edits: readonly { readonly file: string; readonly find: string; readonly put: string }[]
}

const one = (exit: string, file: string, find: string, put: string): Mutant => ({
  exit,
  edits: [{ file, find, put }],
})

const GATE = 'src/policy/gate.ts'
const PASSAGE = 'src/kernel/passage.ts'

/** Every exit without its check, or without what binds it to the verdict. */
export const MUTANTS: readonly Mutant[] = [
  one('passage: opened twice', PASSAGE, '    this.#body = null\n', ''),
  one('passage: any origin', PASSAGE, '      exit.origin === this.#origin &&\n', ''),
  one('passage: any destination', PASSAGE, '      exit.destination === this.destination &&\n', ''),
  one('passage: no deadline', PASSAGE, '      exit.now <= this.#expiresAt', '      exit.now >= 0'),
  one(
    'providers: any choice',
    GATE,
    'if (!given.has(verdict) || !verdict.allowed.includes(choice))',
    'if (!given.has(verdict))',
  ),
  one(
    'providers: any verdict',
    GATE,
    'if (!given.has(verdict) || !verdict.allowed.includes(choice))',
    'if (!verdict.allowed.includes(choice))',
  ),
  one(
    'content vault: any label',
    'src/main/keep-content.ts',
    "keep === 'requests' && !label.undetermined && classRank(label.class) <= classRank(upTo)",
    "keep === 'requests' || classRank(label.class) >= classRank(upTo)",
  ),
  one('cache, in: any label', 'src/main/answer-cache.ts', '    !label.undetermined &&\n', ''),
  one(
    'cache, in: any class',
    'src/main/answer-cache.ts',
    'classRank(label.class) <= classRank(settings().upTo)',
    'classRank(label.class) >= 0 && settings().bytes >= 0',
  ),
  one('cache, in: any duty', 'src/main/answer-cache.ts', '    !isForbidden(duties) &&\n', ''),
  one(
    'cache, out: anybody',
    GATE,
    'if (!facts || !mayBeShown(verdict, facts, kept))',
    'if (!facts)',
  ),
  one('cache, out: any tenant', GATE, '    kept.tenant === tenant &&\n', ''),
  one('cache, out: any policy', GATE, '    kept.policyVersion === verdict.policyVersion &&\n', ''),
  one(
    'cache key: any application',
    'src/caches/cache-key.ts',
    '    application,\n    purpose,\n',
    '    purpose,\n',
  ),
  one('cache key: any body', 'src/caches/cache-key.ts', '    body: likeness.body,\n', ''),
  one(
    'cache key: any limits of a key',
    'src/caches/cache-key.ts',
    '    limits: canonicalJson(restrictions as unknown as JsonObject),\n',
    '',
  ),
  one(
    'cache of meanings: numbers, names and negations aside',
    'src/caches/meanings.ts',
    '|| one.meaning.marks !== meaning.marks',
    '',
  ),
  {
    exit: 'embedding: any zone',
    edits: [
      {
        file: 'src/pipeline/embed-text.ts',
        find: "    zones: ['device', 'on-prem'],\n",
        put: '',
      },
      {
        file: 'src/pipeline/embed-text.ts',
        find: '!choice || !isOwnZone(choice.zone)',
        put: '!choice || (!isOwnZone(choice.zone) && choice.zone.length === 0)',
      },
    ],
  },
  {
    exit: 'retries and fallbacks: beyond the verdict',
    edits: [
      {
        file: 'src/pipeline/serve.ts',
        find: 'house.traffic.order(verdict.allowed)',
        put: 'house.traffic.order(house.gate.catalogue().destinations.flatMap((destination) => destination.models.map((model) => ({ destination, model, zone: model.zone ?? destination.zone, costEuro: null, tokensPerSecond: null }))))',
      },
      {
        file: GATE,
        find: 'if (!given.has(verdict) || !verdict.allowed.includes(choice))',
        put: 'if (!given.has(verdict))',
      },
    ],
  },
  one(
    'decision: clearances aside',
    'src/policy/catalogue-index.ts',
    'classRank(dataClass) > classRank(clearance)',
    'classRank(dataClass) > 99 + classRank(clearance)',
  ),
  one(
    'masking: what is masked goes as it is',
    'src/pipeline/outgoing.ts',
    'if (!choice.masked) return wordedOutgoing(asking.request, choice, guard)',
    'if (choice.zone.length > 0) return wordedOutgoing(asking.request, choice, guard)',
  ),
  one(
    'ledger: a name that nobody knows is recorded',
    'src/pipeline/events.ts',
    "refusal?.code === 'unknown-model' ? 'unknown' : facts.requestedModel",
    'facts.requestedModel',
  ),
  one(
    'content vault: not sealed',
    'src/ledger/content/vault.ts',
    'at, sealed })',
    'at, sealed: body.value.bytes })',
  ),
  one(
    'cache, rows: not sealed',
    'src/caches/kept-answers.ts',
    'expiresAt, sealed })',
    'expiresAt, sealed: packed(terms, bytes, meaning) })',
  ),
  one(
    'second opinion: no label',
    'src/pipeline/serve.ts',
    'consultation ? combineLabels(read, consultation.least) : read',
    "consultation ? { class: 'public' as const, categories: [], undetermined: false } : read",
  ),
]
