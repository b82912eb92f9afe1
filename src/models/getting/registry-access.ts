import { z } from 'zod'
import { isSafeUrl, refusedBy, type Access, type AnswerHead } from '../pull/http-download.ts'
import type { PullFailure } from '../pull/pull-failure.ts'
import type { PullPorts } from '../pull/pull-ports.ts'
import { getSmall, jsonOf, postForm, type Got } from './get-json.ts'
import type { RegistryLogin } from './registry-logins.ts'
import type { RegistryReference } from './registry-reference.ts'

/** What this program is called where tokens are given out. */
const CLIENT = 'ecluse'

const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() })

/**
 * How one repository of a registry is asked (OCI distribution, and the token flow that it took from Docker's): a place
 * that wants a token says where to get it. Tokens last minutes, so that a long pull asks for several.
 */
export class RegistryAccess implements Access {
  readonly #place: RegistryReference
  readonly #login: RegistryLogin | null
  readonly #ports: PullPorts
  #authorization: string | null = null
  #renewing: Promise<boolean> | null = null

  constructor(place: RegistryReference, login: RegistryLogin | null, ports: PullPorts) {
    this.#place = place
    this.#login = login
    this.#ports = ports
  }

  headers = (): Readonly<Record<string, string>> =>
    this.#authorization === null ? {} : { authorization: this.#authorization }

  renew = (answer: AnswerHead, signal: AbortSignal): Promise<boolean> => {
    // several files are refused at once when a token runs out
    this.#renewing ??= this.#renew(
      String(answer.headers['www-authenticate'] ?? ''),
      signal,
    ).finally(() => {
      this.#renewing = null
    })
    return this.#renewing
  }

  judge = (answer: AnswerHead): PullFailure | null => {
    const { status } = answer
    if (status < 400 || status === 416) return null
    const { host, name, reference } = this.#place
    const source = `${host}/${name}`
    if (status === 404) return { code: 'artefact-not-found', detail: { source, reference } }
    if (status === 401 || status === 403) {
      if (this.#login?.kind === 'helper') return { code: 'login-in-helper', detail: { source } }
      return { code: this.#login ? 'login-refused' : 'login-needed', detail: { source } }
    }
    return refusedBy(source, answer)
  }

  async #renew(challenge: string, signal: AbortSignal): Promise<boolean> {
    const basic = this.#login?.kind === 'login' ? `Basic ${this.#login.basic}` : null
    if (/^basic\b/i.test(challenge)) {
      const isNew = basic !== null && basic !== this.#authorization
      this.#authorization = basic
      return isNew
    }
    const realm = URL.parse(/\brealm="([^"]+)"/.exec(challenge)?.[1] ?? '')
    if (!/^bearer\b/i.test(challenge) || realm === null || !this.#mayAsk(realm)) return false
    const asked = new Map<string, string>()
    for (const name of ['service', 'scope']) {
      const value = new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1]
      if (value !== undefined) asked.set(name, value)
    }
    // some name the service alone
    if (!asked.has('scope')) asked.set('scope', `repository:${this.#place.name}:pull`)
    const got = await this.#tokenFrom(realm, asked, signal)
    // 400: OAuth has it for a grant that counts no longer
    if ([400, 401, 403].includes(got.status)) return false
    const told = jsonOf(got, Token)
    const token = told.token ?? told.access_token ?? ''
    if (!/^[\w.~+/=-]{1,20000}$/.test(token)) return false
    this.#authorization = `Bearer ${token}`
    return true
  }

  /** A token for this repository: for user and password, for an identity token (OAuth 2.0, grant `refresh_token`), or for nobody. */
  #tokenFrom(realm: URL, asked: ReadonlyMap<string, string>, signal: AbortSignal): Promise<Got> {
    const registry = new URL(this.#place.registry)
    if (this.#login?.kind === 'identity') {
      const form = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: CLIENT,
        ...Object.fromEntries(asked),
        refresh_token: this.#login.token,
      })
      return postForm(realm, form, this.#ports, signal, registry)
    }
    for (const [name, value] of asked) realm.searchParams.set(name, value)
    const headers =
      this.#login?.kind === 'login' ? { authorization: `Basic ${this.#login.basic}` } : {}
    return getSmall(realm, headers, this.#ports, signal, registry)
  }

  /** A registry elsewhere has no business on this machine. */
  #mayAsk(realm: URL): boolean {
    const isHere = new URL(this.#place.registry).protocol === 'http:'
    return isSafeUrl(realm) && (realm.protocol === 'https:' || isHere)
  }
}
