import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NOT_STOPPED, stepStop } from './stop-strings.ts'

const shownOf = (pieces: readonly string[], stops: readonly string[]) => {
  let state = NOT_STOPPED
  let shown = ''
  for (const piece of pieces) {
    const [next, text] = stepStop(state, piece, stops)
    state = next
    shown += text
  }
  return { shown: shown + state.held, stopped: state.stopped }
}

test('however a text is cut, what is shown ends before the first stop string', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 3 }), {
        maxLength: 12,
      }),
      fc.array(word, { maxLength: 4 }),
      (pieces, stops) => {
        const text = pieces.join('')
        const { shown, stopped } = shownOf(pieces, stops)
        assert.ok(text.startsWith(shown))
        for (const stop of stops) assert.ok(!shown.includes(stop))
        assert.equal(
          stopped,
          stops.some((stop) => text.includes(stop)),
        )
        if (!stopped) assert.equal(shown, text)
      },
    ),
  )
})

test('text that cannot begin a stop string is shown at once', () => {
  assert.deepEqual(stepStop(NOT_STOPPED, 'hello ', ['END']), [
    { held: '', stopped: false },
    'hello ',
  ])
  assert.deepEqual(stepStop(NOT_STOPPED, 'the E', ['END']), [{ held: 'E', stopped: false }, 'the '])
})
