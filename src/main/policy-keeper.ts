import type { PolicyAdmin, PolicyView } from '#gateway/admin-ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { FILE_POLICY, hasDocument, nextState, type PolicyOrder } from '#policy/change-policy.ts'
import { policyOf, type Policy } from '#policy/document.ts'
import { onlyPolicy, type PoliciesInForce } from '#policy/in-force.ts'
import type { Gate } from '#policy/gate.ts'
import type { PolicyChange, PolicyState } from '#policy/ports.ts'
import { gateWithShadow, ShadowCounts, type ShadowCount } from '#policy/shadow.ts'
import { describeConfigProblem } from '#config/describe-problem.ts'
import { readPolicyText } from '#config/policy-document.ts'
import type { Config } from '#config/types.ts'
import { TENANT, type Core } from './core.ts'
import type { LiveConfig } from './live-config.ts'
import type { Log } from './log.ts'
import { policyFrom } from './registry.ts'

/** Versions of the policy: those of the database over that of the file, and the ways they change. */
export interface PolicyKeeper {
  readonly current: () => PoliciesInForce
  /** The policies that another configuration would mean. */
  readonly under: (config: Config) => PoliciesInForce
  /** Puts in force what `under` gave; the caller has stored its documents. */
  readonly use: (policies: PoliciesInForce) => void
  readonly counts: ShadowCounts
  /** The gate of those who ask models: what a shadow would have done is counted. */
  readonly over: (gate: Gate) => Gate
  readonly admin: PolicyAdmin
  /** Calls back before other policies are in force, and waits. */
  readonly onChange: (listener: Changing) => void
  /** Calls back for each request that a shadow was asked about, or for several at once. */
  readonly onShadowed: (listener: (count: ShadowCount) => void) => void
  close(): Promise<void>
}

type Changing = (next: PoliciesInForce, actor: string) => Promise<void>

interface PolicyParts {
  readonly core: Pick<Core, 'store' | 'houseEvent' | 'clock'>
  readonly live: LiveConfig
  readonly log: Log
}

/** Reads what is kept, and follows what other gateways on the same database change. */
export async function keepPolicies({ core, live, log }: PolicyParts): Promise<PolicyKeeper> {
  const { store } = core
  const stored = new StoredPolicies(core.store.policies, log)
  await stored.read()
  const listeners: Changing[] = []
  let current = stored.under(live.current)
  let applied = stored.last?.number
  const changed = async (actor: string): Promise<void> => {
    const next = stored.under(live.current)
    for (const listener of listeners) await listener(next, actor)
    current = next
    applied = stored.last?.number
    // who changes it here is told by the answer
    if (actor === 'system') log('info', { msg: 'policy-changed', policy: next.policy.version })
  }
  const stop = store.changes.listen((topic) => {
    if (topic !== null && topic !== 'policy') return
    const failed = (): void => log('warn', { code: 'database-unavailable', what: 'policy' })
    stored
      .read()
      .then(() => (stored.last?.number === applied ? undefined : changed('system')))
      .catch(failed)
  })
  const shadowed: ((count: ShadowCount) => void)[] = []
  const counts = new ShadowCounts((count) => shadowed.forEach((tell) => tell(count)))
  return {
    current: () => current,
    under: (config) => stored.under(config),
    use: (policies) => {
      current = policies
    },
    counts,
    over: (gate) => gateWithShadow(gate, () => current.shadow, counts),
    admin: policyAdmin({ core, live, stored, counts, current: () => current, changed }),
    onChange: (listener) => void listeners.push(listener),
    onShadowed: (listener) => void shadowed.push(listener),
    close: () => {
      stop()
      return Promise.resolve()
    },
  }
}

/** What is in force by a database that nobody writes meanwhile. */
export async function storedPolicies(
  policies: Core['store']['policies'],
  config: Config,
): Promise<PoliciesInForce> {
  const stored = new StoredPolicies(policies, () => {})
  await stored.read()
  return stored.under(config)
}

/** The newest change, and the texts of the versions that it names. */
class StoredPolicies {
  readonly #store: Core['store']['policies']
  readonly #log: Log
  readonly #texts = new Map<number, string>()
  /** The change that the version in force came with. */
  #putBy: PolicyChange | null = null
  last: PolicyChange | null = null

  constructor(store: Core['store']['policies'], log: Log) {
    this.#store = store
    this.#log = log
  }

  get state(): PolicyState {
    return this.last?.state ?? FILE_POLICY
  }

  async read(): Promise<void> {
    const last = await this.#store.last(TENANT)
    if (!last || last.number === this.last?.number) return
    const { inForce, staged, shadow } = last.state
    const wanted = [inForce, staged, shadow].filter((number) => number !== null)
    if (this.state.inForce !== inForce) this.#putBy = await this.#changeTo(inForce, last)
    for (const number of wanted) {
      if (this.#texts.has(number)) continue
      const found = number === last.number ? last : await this.#store.get(TENANT, number)
      this.#texts.set(number, found?.document ?? '')
    }
    for (const number of this.#texts.keys())
      if (!wanted.includes(number)) this.#texts.delete(number)
    this.last = last
  }

  /** The change by which a version came in force: the newest one if it was not in force before, and else the one that wrote it. */
  async #changeTo(inForce: number | null, last: PolicyChange): Promise<PolicyChange | null> {
    if (this.last !== null || last.number === inForce) return last
    return inForce === null ? null : this.#store.get(TENANT, inForce)
  }

  under(config: Config): PoliciesInForce {
    const ofFile = policyFrom(config)
    if (config.policySource === 'file') return onlyPolicy(ofFile)
    const { inForce, staged, share, shareBy, shadow } = this.state
    return {
      policy: inForce === null ? ofFile : this.#policy(inForce, config),
      staged: staged === null ? null : { policy: this.#policy(staged, config), share, by: shareBy },
      shadow: shadow === null ? null : this.#policy(shadow, config),
      ...(this.#putBy ? { origin: originOf(this.#putBy, inForce) } : {}),
    }
  }

  /** A version that cannot be read any more opens nothing: no text leaves this machine. */
  #policy(number: number, config: Config): Policy {
    const read = readPolicyText(
      this.#texts.get(number) ?? '',
      `policy:${number}`,
      config.jurisdictions,
    )
    if (read.ok) return policyOf({ floor: config.floor, ...read.value })
    this.#log('error', { msg: 'policy-unreadable', version: number })
    return policyOf({ floor: config.floor, rules: [] })
  }
}

const originOf = (
  { by: author, reason }: PolicyChange,
  inForce: number | null,
): NonNullable<PoliciesInForce['origin']> => ({
  source: inForce === null ? 'file' : 'store',
  author,
  reason,
})

interface AdminParts {
  readonly core: Pick<Core, 'store' | 'houseEvent' | 'clock'>
  readonly live: LiveConfig
  readonly stored: StoredPolicies
  readonly counts: ShadowCounts
  readonly current: () => PoliciesInForce
  readonly changed: (actor: string) => Promise<void>
}

/** What authors of the policy do: evidence first, then the database, then what is in force here. */
function policyAdmin(parts: AdminParts): PolicyAdmin {
  const { core, live, stored, counts, current } = parts
  const { policies } = core.store
  let last: Promise<unknown> = Promise.resolve()
  const change: PolicyAdmin['change'] = (order, of) => {
    // one author after the other
    const next = last.then(() => changePolicy(parts, order, of))
    last = next.catch(() => {})
    return next
  }
  return {
    view(): PolicyView {
      const { policy, staged, shadow } = current()
      const { state, last: newest } = stored
      const isStored = live.current.policySource === 'store'
      return {
        source: isStored && state.inForce !== null ? 'store' : 'file',
        setting: live.current.policySource,
        number: isStored ? state.inForce : null,
        version: policy.version,
        rules: policy.rules.length,
        fileVersion: policyFrom(live.current).version,
        staged: staged && {
          number: state.staged,
          version: staged.policy.version,
          share: staged.share,
          by: staged.by,
        },
        shadow: shadow && { number: state.shadow, version: shadow.version },
        changedAt: newest?.at ?? null,
        changedBy: newest?.by ?? null,
      }
    },
    differences: () => {
      const { shadow } = current()
      return shadow ? counts.of(shadow.version) : []
    },
    history: (query) => policies.list(TENANT, query),
    get: (number) => policies.get(TENANT, number),
    change,
  }
}

async function changePolicy(
  { core, live, stored, changed }: AdminParts,
  order: PolicyOrder,
  of: Parameters<PolicyAdmin['change']>[1],
): ReturnType<PolicyAdmin['change']> {
  const { store, clock } = core
  if (live.current.policySource === 'file') return err({ code: 'policy-of-file' })
  await stored.read()
  const before = stored.state
  const number = (stored.last?.number ?? 0) + 1
  const next = nextState(before, order, number)
  if (!next.ok) return next
  const document = await documentFor(order, of.document, store.policies)
  if (!document.ok) return document
  const policy = digestOf(document.value, live.current)
  if (!policy.ok) {
    const problems = policy.error.map((problem) => describeConfigProblem(problem, of.language))
    return ok({ kind: 'refused', problems })
  }
  const digest = policy.value
  const event = {
    type: 'admin',
    v: 1,
    actor: of.actor,
    action: `policy-${next.value.action}`,
    subject: digest === null ? `policy:${number}` : `policy:${number} ${digest}`,
  } as const
  const durable = await core.houseEvent(event)
  if (!durable.ok) return durable
  const { action, state } = next.value
  const { reason, actor: by } = of
  const entry = { number, action, document: document.value, digest, state, reason, by, at: clock() }
  const added = await store.policies.add({ tenant: TENANT, ...entry })
  if (!added) return err({ code: 'changed-meanwhile' })
  await stored.read()
  await changed(by)
  return ok({ kind: 'changed', number, version: digest })
}

/** The text that an order brings, or that of the version it goes back to. */
async function documentFor(
  order: PolicyOrder,
  given: string | number | null,
  policies: Core['store']['policies'],
): Promise<Result<string | null, Refusal>> {
  if (!hasDocument(order)) return ok(null)
  if (typeof given === 'string') return ok(given)
  const found = given === null ? null : await policies.get(TENANT, given)
  return found?.document ? ok(found.document) : err({ code: 'not-found', param: 'version' })
}

function digestOf(
  document: string | null,
  { floor, jurisdictions }: Config,
): Result<string | null, Parameters<typeof describeConfigProblem>[0][]> {
  if (document === null) return ok(null)
  const read = readPolicyText(document, 'policy', jurisdictions)
  return read.ok ? ok(policyOf({ floor, ...read.value }).version) : err([...read.error])
}
