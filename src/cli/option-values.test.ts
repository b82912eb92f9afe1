import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Parsed } from './command.ts'
import { toldWrongValue } from './option-values.ts'
import type { Terminal } from './terminal.ts'
import { usageIn } from './usage-words.ts'

test('a value that an option cannot have is told with those it can, and the one that was meant', () => {
  const told = (values: Parsed['values'], how = {}): string | null => {
    const notes: string[] = []
    const terminal = {
      note: (line: string) => notes.push(line),
      say: ({ en }: { en: string }) => en,
    }
    const allowed = { state: ['quarantined', 'approved'], level: ['1', '2'] }
    const was = toldWrongValue(
      { positionals: [], values },
      allowed,
      terminal as unknown as Terminal,
      how,
    )
    return was ? notes.join() : null
  }
  assert.equal(told({ state: 'approved', level: '2' }), null)
  assert.equal(told({ other: 'x' }), null)
  assert.match(
    told({ state: 'aproved' }) ?? '',
    /--state "aproved": approved\? Expected: quarantined/,
  )
  assert.match(told({ state: 'APPROVED' }) ?? '', /Expected/)
  assert.equal(told({ state: 'APPROVED' }, { isAnyCase: true }), null)
  assert.match(told({ level: '1,9' }, { several: ['level'] }) ?? '', /"9": Expected: 1, 2/)
  assert.match(told({ level: '1,2' }) ?? '', /Expected/)
})

test('words that stand for something are those of the language', () => {
  const usage = 'NAME|DIGEST --until YYYY-MM-DD [--digest sha256:HEX] [--state S]'
  assert.equal(usageIn(usage, 'en'), usage)
  assert.equal(
    usageIn(usage, 'fr'),
    'NOM|EMPREINTE --until AAAA-MM-JJ [--digest sha256:HEX] [--state S]',
  )
})
