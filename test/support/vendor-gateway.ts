import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import type { Config } from '#config/types.ts'
import { VENDORS, type VendorRow } from '#providers/vendors.ts'
import { bytesOf, type Exchange } from './exchanges.ts'
import { testGateway, testHome, type TestGateway } from './gateway.ts'
import { startUpstream, type Upstream } from './upstream.ts'

/** What every vendor calls its model in these tests, and the key it gets. */
export const UPSTREAM_MODEL = 'up-1'
export const KEY = 'test-cloud-key'

/** The vendor's own path, where braces stand for what a customer fills in. */
export const basePathOf = ({ baseUrl }: VendorRow): string =>
  new URL(baseUrl.replaceAll('{', '').replaceAll('}', '')).pathname.replace(/\/+$/, '')

/** A gateway in front of every vendor of the table at once: all at one server of ours, each at its own path, by its own row. */
export async function vendorGateway(
  t: TestContext,
): Promise<{ gateway: TestGateway; upstream: Upstream }> {
  const upstream = await startUpstream(t)
  const origin = new URL(upstream.url).origin
  const rows = VENDORS.map((vendor) => rowOf(vendor, origin))
  const yaml = `discover: false\nengine: {enabled: false}\ndestinations:\n${rows.join('\n')}\n`
  const gateway = await testGateway(t, yaml, testHome(t), withQuirks)
  return { gateway, upstream }
}

function rowOf(vendor: VendorRow, origin: string): string {
  const { id, auth } = vendor
  const key =
    auth.scheme === 'none'
      ? ''
      : `, key: "\${env:CLOUD_KEY}"${auth.scheme === 'api-key' ? ', auth: api-key' : ''}`
  return `  - {id: ${id}, url: "${origin}${basePathOf(vendor)}"${key}, zone: managed, jurisdiction: FR,
     clearance: {class: internal}, models: [{name: m, upstream: ${UPSTREAM_MODEL}}]}`
}

/** Quirks come with the vendor's host, which cannot be reached from a test; another test holds them to it. */
const withQuirks = (config: Config): Config => ({
  ...config,
  destinations: config.destinations.map((destination) => {
    const quirks = VENDORS.find(({ id }) => id === destination.id)?.quirks
    return quirks ? { ...destination, quirks } : destination
  }),
})

/** Plays an answer, whole or in pieces of this many bytes, each in its own turn of the event loop. */
export function play(response: ServerResponse, exchange: Exchange, pieceBytes: number): void {
  const { status, headers } = exchange.answer
  const bytes = bytesOf(exchange)
  // asked again would only tell the same: these tests are about what is told
  response.writeHead(status, {
    ...headers,
    ...(status === 200 ? {} : { 'x-should-retry': 'false' }),
  })
  const send = (from: number): void => {
    if (from >= bytes.length) return void response.end()
    response.write(bytes.subarray(from, from + pieceBytes), () =>
      setImmediate(() => send(from + pieceBytes)),
    )
  }
  send(0)
}
