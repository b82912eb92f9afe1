import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PolicyRule } from './rule.ts'
import { classesNotFor, weightsAsked } from './weights-asked.ts'

const rule = (id: string, more: Partial<PolicyRule>): PolicyRule => ({ id, match: {}, ...more })

test('of all rules that speak of a class the one that asks most of weights counts', () => {
  const asked = weightsAsked([
    rule('all', { allow: { weights: 'verified' } }),
    rule('high', { match: { classes: ['restricted'] }, allow: { weights: 'approved' } }),
    rule('other', { match: { classes: ['public'] }, allow: { zones: ['device'] } }),
    rule('less', { match: { classes: ['restricted'] }, allow: { weights: 'verified' } }),
  ])
  assert.deepEqual(classesNotFor(asked, 'approved'), [])
  assert.deepEqual(classesNotFor(asked, 'verified'), ['restricted'])
  assert.deepEqual(classesNotFor(asked, 'unverified'), [
    'public',
    'internal',
    'confidential',
    'restricted',
  ])
  assert.deepEqual(classesNotFor(weightsAsked([]), 'unverified'), [])
})
