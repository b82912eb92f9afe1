import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { GRANTS, ROLES, SCOPES, type Grant } from '#kernel/permission.ts'
import { OWNER } from '../../src/main/core.ts'
import { testGateway, type TestGateway } from '../support/gateway.ts'
import { MATRIX, OPEN_ROUTES } from './matrix.ts'
import { registeredRoutes } from './walk.ts'

const CONFIG = 'discover: false\nengine: {enabled: false}\n'

interface Answered {
  readonly status: number
  readonly code: string | null
}

/** One request with nothing in it: whoever is let in is told that, or that the body or the id is wrong. */
async function knock(gateway: TestGateway, route: string, key: string | null): Promise<Answered> {
  const [method = 'GET', path = ''] = route.split(' ')
  const stop = new AbortController()
  const response = await fetch(gateway.url + path.replaceAll(':id', 'nobody'), {
    method,
    signal: stop.signal,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(method === 'POST' || method === 'PUT' ? { body: '{}' } : {}),
  })
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    stop.abort()
    return { status: response.status, code: null }
  }
  const text = await response.text()
  const body: unknown = text === '' ? null : JSON.parse(text)
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : null
  return { status: response.status, code }
}

async function keyOf(gateway: TestGateway, grant: Grant): Promise<string> {
  const { keys } = gateway.house.identity
  const made = await keys.create(OWNER, { name: grant, scopes: [grant] })
  assert.ok(made.ok)
  return made.value.key
}

async function otherOwner(gateway: TestGateway): Promise<string> {
  const { directory } = gateway.house.identity
  const made = await directory.createOrganisation(OWNER, { id: 'other', name: 'Other' })
  assert.ok(made.ok)
  return made.value.owner.key
}

const isKeptOut = ({ code }: Answered): boolean => code === 'scope-missing'

/** Of a scope `admin` opens everything, as it always did. */
const expected = (route: string): ReadonlySet<string> => {
  const row = MATRIX[route]
  return new Set(['admin', ...(row?.roles ?? '').split(' '), ...(row?.scopes ?? '').split(' ')])
}

const house = (t: TestContext): Promise<TestGateway> => testGateway(t, CONFIG)

describe('the access matrix', () => {
  test('has a row for every route that is registered, and none for another', async (t) => {
    const gateway = await house(t)
    const routes = registeredRoutes(gateway.house)
    const named = routes.map(({ method, url }) => `${method} ${url}`)
    assert.deepEqual(named.toSorted(), [...OPEN_ROUTES, ...Object.keys(MATRIX)].toSorted())
    for (const { method, url, permission } of routes) {
      const isOpen = OPEN_ROUTES.includes(`${method} ${url}`)
      assert.equal(permission === null, isOpen, `${method} ${url}: ${permission}`)
    }
  })

  test('nobody comes in without a key', async (t) => {
    const gateway = await house(t)
    for (const route of Object.keys(MATRIX)) {
      const answered = await knock(gateway, route, null)
      assert.deepEqual(answered, { status: 401, code: 'missing-key' }, route)
    }
  })

  for (const grant of GRANTS) {
    test(`${ROLES.some((role) => role === grant) ? 'role' : 'scope'} ${grant}`, async (t) => {
      const gateway = await house(t)
      const key = await keyOf(gateway, grant)
      for (const route of Object.keys(MATRIX)) {
        const answered = await knock(gateway, route, key)
        // what a person's own keys are, a key of nobody cannot say; it gets as far as being told so
        const isOwn = route.includes('/own/') && expected(route).has(grant)
        assert.notEqual(answered.status, 401, `${grant}: ${route}`)
        if (isOwn) continue
        assert.equal(isKeptOut(answered), !expected(route).has(grant), `${grant}: ${route}`)
      }
    })
  }

  test('the owner of another organisation reaches nothing of the house', async (t) => {
    const gateway = await house(t)
    const key = await otherOwner(gateway)
    for (const [route, { house: isHouse }] of Object.entries(MATRIX)) {
      const answered = await knock(gateway, route, key)
      if (!route.includes('/own/')) assert.equal(isKeptOut(answered), isHouse === true, route)
    }
  })

  test('scopes of the first release open what they opened', () => {
    assert.deepEqual(SCOPES, ['inference', 'classify', 'audit', 'admin'])
  })
})
