import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { anthropicLimitHeaders, durationText, openAiLimitHeaders } from './limit-headers.ts'

const requests = {
  quota: 'q',
  measure: 'requests',
  limit: 60,
  remaining: 59,
  resetMs: 61_500,
} as const
const tokens = {
  quota: 't',
  measure: 'inputTokens',
  limit: 9_000,
  remaining: 1,
  resetMs: 300,
} as const
const told = { requests, tokens, inputTokens: tokens, binding: tokens }

describe('headers that tell of limits', () => {
  test('have the names and the durations of OpenAI', () => {
    assert.deepEqual(openAiLimitHeaders(told, 0), {
      'x-ecluse-limit': 't;inputTokens;remaining=1',
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1m1.5s',
      'x-ratelimit-limit-tokens': '9000',
      'x-ratelimit-remaining-tokens': '1',
      'x-ratelimit-reset-tokens': '300ms',
    })
  })

  test('have the names and the points in time of Anthropic', () => {
    const headers = anthropicLimitHeaders(told, Date.UTC(2026, 0, 1))
    assert.equal(headers['anthropic-ratelimit-requests-reset'], '2026-01-01T00:01:02Z')
    assert.equal(headers['anthropic-ratelimit-input-tokens-remaining'], '1')
    assert.equal(headers['anthropic-ratelimit-output-tokens-limit'], undefined)
    assert.equal(headers['x-ratelimit-limit-requests'], undefined)
  })

  test('durations read as Go writes them', () => {
    const written = [0, 999, 1_000, 360_000, 3_603_000, 86_400_000].map(durationText)
    assert.deepEqual(written, ['0ms', '999ms', '1s', '6m0s', '1h0m3s', '24h0m0s'])
  })
})
