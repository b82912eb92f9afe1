import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readTraceParent } from './trace-parent.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

describe('a traceparent header', () => {
  test('tells trace, span and whether it is sampled', () => {
    deepEqual(readTraceParent(`00-${TRACE}-${SPAN}-01`), {
      traceId: TRACE,
      spanId: SPAN,
      sampled: true,
    })
    equal(readTraceParent(`00-${TRACE}-${SPAN}-00`)?.sampled, false)
    equal(readTraceParent(`cc-${TRACE}-${SPAN}-01-what-comes-later`)?.traceId, TRACE)
  })

  test('is no parent when it is not one', () => {
    const wrong = [
      undefined,
      '',
      [`00-${TRACE}-${SPAN}-01`],
      `ff-${TRACE}-${SPAN}-01`,
      `00-${TRACE.toUpperCase()}-${SPAN}-01`,
      `00-${'0'.repeat(32)}-${SPAN}-01`,
      `00-${TRACE}-${'0'.repeat(16)}-01`,
      `00-${TRACE}-${SPAN}-01-more`,
      `00-${TRACE}-${SPAN}`,
      `00-${TRACE}-${SPAN}-01\r\nx: y`,
    ]
    for (const header of wrong) equal(readTraceParent(header), null, String(header))
  })
})
