import { lookup } from 'node:dns'
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici'
import { publicLookup } from '#kernel/public-lookup.ts'

/** Connections of a pull. */
export interface PullRoutes {
  /** To a place that a person named; undefined: as undici connects by itself. */
  readonly named: Dispatcher | undefined
  /** To a place that another one named: none of our own networks. */
  readonly outward: Dispatcher
}

/** Kinds of proxies that are spoken. */
const SPOKEN = new Set(['http:', 'https:', 'socks:', 'socks5:'])

/**
 * Through the proxy that `HTTPS_PROXY` or `ALL_PROXY` names, but to this machine and what `NO_PROXY` lists. A name that goes
 * through a proxy is looked up there: it keeps its own networks closed.
 */
export function pullRoutes(environment: Readonly<Record<string, string | undefined>>): PullRoutes {
  const said = (name: string): string | undefined =>
    [environment[name.toLowerCase()], environment[name]].find(
      (one) => one !== undefined && one !== '',
    )
  const outwardOnly = { connect: { lookup: publicLookup(lookup) } }
  const proxy = said('HTTPS_PROXY') ?? said('ALL_PROXY')
  if (proxy === undefined || !isSpoken(proxy))
    return { named: undefined, outward: new Agent(outwardOnly) }
  const settings = {
    // plain HTTP is for this machine alone
    httpProxy: '',
    httpsProxy: proxy,
    noProxy: ['localhost', '127.0.0.1', '::1', '[::1]', said('NO_PROXY') ?? ''].join(','),
  }
  return {
    named: new EnvHttpProxyAgent(settings),
    outward: new EnvHttpProxyAgent({ ...settings, ...outwardOnly }),
  }
}

const isSpoken = (address: string): boolean =>
  URL.canParse(address) && SPOKEN.has(new URL(address).protocol)
