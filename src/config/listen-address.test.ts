import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isAddressBlock, isHostName, isLoopback, parseListen } from './listen-address.ts'

describe('parseListen', () => {
  test('reads addresses, names and IPv6 in brackets; no host is every address', () => {
    deepEqual(parseListen('127.0.0.1:4141'), { host: '127.0.0.1', port: 4141 })
    equal(parseListen('127.0.0.1:65535')?.port, 65_535)
    deepEqual(parseListen('[::1]:0'), { host: '::1', port: 0 })
    deepEqual(parseListen('LocalHost:80'), { host: 'localhost', port: 80 })
    deepEqual(parseListen(':4141'), { host: '::', port: 4141 })
    deepEqual(parseListen('*:4141'), { host: '::', port: 4141 })
  })

  test('refuses everything else', () => {
    const wrong = ['4141', '127.0.0.1', '127.0.0.1:', '127.0.0.1:65536', '300.0.0.1:1', '::1:80']
    wrong.push('[127.0.0.1]:1', 'http://a:1', 'a b:1', '[::1', '', '127.1:80', 'a:-1')
    for (const text of wrong) equal(parseListen(text), undefined, text)
  })
})

describe('isLoopback', () => {
  test('is true only for what cannot leave this machine', () => {
    for (const host of ['127.0.0.1', '127.8.8.8', '::1', '[::1]', 'localhost', 'a.localhost']) {
      equal(isLoopback(host), true, host)
    }
    const wide = ['0.0.0.0', '::', '10.0.0.1', 'example.org', '127.0.0.1.example.org', '127.evil']
    for (const host of [...wide, '', 'localhost.example.org']) equal(isLoopback(host), false, host)
  })
})

describe('names and blocks', () => {
  test('host names carry no scheme, port, path or star', () => {
    for (const name of ['a', 'ai.example.org', '10.0.0.1', 'my_host', 'x.']) {
      equal(isHostName(name), true, name)
    }
    for (const name of ['', 'a:80', 'http://a', 'a/b', '*.a', '-a', 'a..b', '999.1.1.1', 'a b']) {
      equal(isHostName(name), false, name)
    }
  })

  test('proxies are addresses or CIDR blocks', () => {
    for (const text of ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '0.0.0.0/0']) {
      equal(isAddressBlock(text), true, text)
    }
    for (const text of ['10.0.0.0/33', '::/129', 'proxy', '10.0.0.0/', '10.0.0.0/8/8', '']) {
      equal(isAddressBlock(text), false, text)
    }
  })
})
