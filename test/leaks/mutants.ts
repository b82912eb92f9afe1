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
const DESK = 'src/main/review-desk.ts'
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
    'at, sealed: bytes })',
  ),
  one(
    'cache, rows: not sealed',
    'src/caches/kept-answers.ts',
    'expiresAt, sealed })',
    'expiresAt, sealed: packed(terms, bytes, meaning) })',
  ),
  one(
    'content vault: any duty',
    GATE,
    'if (!given.has(verdict) || duties.noStore || !mayKeep(label, place, duties))',
    'if (!given.has(verdict) || !mayKeep(label, place, duties))',
  ),
  one(
    'review queue, in: any duty',
    GATE,
    'if (!given.has(verdict) || duties.noStore || !isRead(duties))',
    'if (!given.has(verdict) || !isRead(duties))',
  ),
  one(
    'review queue, in: nobody asked',
    GATE,
    'if (!given.has(verdict) || duties.noStore || !isRead(duties))',
    'if (!given.has(verdict) || duties.noStore)',
  ),
  one(
    'review queue, in: the label of the question alone',
    'src/pipeline/hold-back.ts',
    'label: combineLabels(verdict.label, classified.label),',
    'label: verdict.label,',
  ),
  one('review queue: not sealed', DESK, 'owner, sealed: sealed.value }', 'owner, sealed: bytes }'),
  one('review queue, out: anybody', DESK, '!row || !(await mayFetch(desk, row, caller))', '!row'),
  one(
    'review queue, out: limits of a key aside',
    DESK,
    '  if (zones !== null || models !== null || surfaces !== null) return false\n',
    '',
  ),
  one(
    'review queue, out: any class',
    DESK,
    'if (maxClass === null || rank <= classRank(maxClass)) return null',
    'if (rank >= 0) return null',
  ),
  one(
    'review queue, out: not read by anybody',
    DESK,
    "const isOut = row.state === 'approved' || row.state === 'edited'",
    'const isOut = row.state.length > 0',
  ),
  one(
    'review queue: by who asked',
    DESK,
    "return isOwn ? { code: 'four-eyes' } : aboveKey(row.label, caller)",
    'return aboveKey(row.label, caller)',
  ),
  one(
    'answers: not looked through',
    'src/pipeline/answer-guard.ts',
    'const isGuarded = answers !== NO_ANSWER_DUTIES || review\n',
    'const isGuarded = false\n',
  ),
  one(
    'answers: words of an error aside',
    'src/pipeline/answer-guard.ts',
    "if (result.kind !== 'refused' || !result.said) return asked",
    'if (result.kind.length > 0) return asked',
  ),
  one(
    'answers: tool calls aside',
    'src/guard/answers/guard-answer.ts',
    "if (said.kind === 'end') return this.#endWith(said, 'text', out)",
    "if (event.index >= 0) return void out.push(event, { kind: 'tool-arguments', index: event.index, piece: json })",
  ),
  one(
    'answers: what is held is shown',
    'src/guard/answers/hold-answer.ts',
    'if (!this.#held && !this.#options.isAlways) return',
    'if (!this.#held) return',
  ),
  one(
    'restoring: in addresses and tools too',
    'src/guard/restore/restorer.ts',
    'if (value && this.#mayRestore && !isHost && !this.#around.isAddress) {',
    'if (value) {',
  ),
  one(
    'second opinion: no label',
    'src/pipeline/serve.ts',
    'consultation ? combineLabels(read, consultation.least) : read',
    "consultation ? { class: 'public' as const, categories: [], undetermined: false } : read",
  ),
]
