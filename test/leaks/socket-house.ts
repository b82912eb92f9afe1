import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfigFromDisk } from '#config.ts'
import { loadConfig } from '#config/load.ts'
import type { Zone } from '#kernel/destination.ts'
import { CLASSES, type DataClass } from '#kernel/label.ts'
import { startGateway } from '../../src/main/start-gateway.ts'
import { PLACES } from './socket-places.ts'

/** Somebody who asks, and what is promised about it. */
export interface Asker {
  readonly key: string
  readonly tenant: 'default' | 'other'
  readonly maxClass: DataClass
  readonly zones: readonly Zone[]
  /** Its answers are looked through, and values of people are masked outside. */
  readonly isGuarded: boolean
  /** A person reads its answers. */
  readonly isRead: boolean
}

const ZONES: readonly Zone[] = ['device', 'on-prem', 'managed', 'api']

/** The configuration: all four places, or without the managed one and with less for the API. */
function yamlOf(ports: readonly number[], isShort: boolean): string {
  const rows = PLACES.map(({ id, zone, clearance, dialect }, at) => {
    const url = `http://127.0.0.1:${ports[at] ?? 0}${dialect === 'ollama' ? '' : '/v1'}`
    return `  - {id: ${id}, dialect: ${dialect}, url: "${url}", zone: ${zone}, jurisdiction: FR, clearance: {class: ${clearance}}, breaker: {failed_percent: 100, open_ms: 1}, models: [{name: m, upstream: ${id}-m}]}`
  }).filter((row) => !isShort || !row.includes('id: managed'))
  const rules = CLASSES.map((name, at) => {
    const zones = ZONES.slice(0, CLASSES.length - at - (isShort && at === 0 ? 1 : 0))
    return `    - {id: ${name}, match: {classes: [${name}]}, allow: {zones: [${zones.join(', ')}]}}`
  })
  return `discover: false
engine: {enabled: false}
cache: {exact: true, store: database}
destinations:
${rows.join('\n')}
policy:
  rules:
${rules.join('\n')}
    - {id: red-masked, match: {teams: [red]}, mask: {categories: [personal], zones: [managed, api]}}
    - {id: red-read, match: {teams: [red]}, answers: {secrets: mask, personal: mask, links: mask, markings: cut, invisible: mask}}
    - {id: chat-read, match: {applications: [chat]}, duties: [review]}
`
}

/** A gateway in this process with two organisations, a team, an application, and keys that may do less than others. */
export async function openSocketHouse(ports: readonly number[]) {
  const home = mkdtempSync(join(tmpdir(), 'ecl-'))
  const file = join(home, 'ecluse.yaml')
  const write = (isShort: boolean): void =>
    writeFileSync(file, yamlOf(ports, isShort), { mode: 0o600 })
  write(false)
  const flags = { home, config: file, listen: '127.0.0.1:0' }
  const load = () => loadConfig({ flags, env: {}, readFile: readConfigFromDisk, home })
  const loaded = load()
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error))
  const lines: string[] = []
  const started = await startGateway(loaded.value, {
    version: '0',
    root: home,
    environment: {},
    note: (line) => void lines.push(line),
    reload: { file: join(home, 'unwatched.yaml'), load },
  })
  if (!started.ok) throw new Error(started.error.en)
  const gateway = started.value
  const { url, adminKeyFile } = gateway
  const admin = readFileSync(adminKeyFile, 'utf8').trim()
  const call = (key: string, method: string, path: string, body?: object) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  const made = async (key: string, path: string, body: object): Promise<{ key?: string }> => {
    const answer = await call(key, 'POST', path, body)
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
    return (await answer.json()) as { key?: string }
  }
  const keyOf = async (by: string, scopes: readonly string[], more: object = {}): Promise<string> =>
    (await made(by, '/api/keys', { name: 'k', scopes, ...more })).key ?? ''
  await made(admin, '/api/teams', { id: 'red', name: 'Red' })
  await made(admin, '/api/applications', { id: 'chat', name: 'Chat', roles: ['developer'] })
  const other = (await made(admin, '/api/organisations', { id: 'other', name: 'Other' })) as {
    owner?: { key?: string }
  }
  const theirs = other.owner?.key ?? ''
  const asker = async (
    by: string,
    more: object,
    promised: Partial<Asker> = {},
  ): Promise<Asker> => ({
    key: await keyOf(by, ['inference'], more),
    tenant: by === admin ? 'default' : 'other',
    maxClass: 'restricted',
    zones: ZONES,
    isGuarded: false,
    isRead: false,
    ...promised,
  })
  const zones: readonly Zone[] = ['on-prem', 'device']
  const askers = [
    await asker(admin, {}),
    await asker(admin, { restrictions: { maxClass: 'public' } }, { maxClass: 'public' }),
    await asker(
      admin,
      { restrictions: { maxClass: 'internal', zones } },
      { maxClass: 'internal', zones },
    ),
    await asker(admin, { team: 'red' }, { isGuarded: true }),
    await asker(
      admin,
      { team: 'red', restrictions: { maxClass: 'confidential' } },
      { isGuarded: true, maxClass: 'confidential' },
    ),
    await asker(admin, { application: 'chat' }, { isRead: true }),
    await asker(theirs, {}),
  ]
  const reviewers = {
    ours: await keyOf(admin, ['security']),
    low: await keyOf(admin, ['security'], { restrictions: { maxClass: 'public' } }),
    theirs: await keyOf(theirs, ['security']),
  }
  return {
    url,
    home,
    lines,
    askers,
    reviewers,
    call,
    /** Another configuration, and back. */
    async reload(isShort: boolean): Promise<void> {
      write(isShort)
      const answer = await call(admin, 'POST', '/api/reload')
      if (!answer.ok) throw new Error(`reload: ${answer.status}`)
    },
    stop: () => gateway.stop(),
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}
export type SocketHouse = Awaited<ReturnType<typeof openSocketHouse>>
