import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { patternOf, ownFindings } from './own-terms.fixture.ts'
import { isFastEnough, stepsOver } from './pattern-probe.ts'
import { acceptPattern, patternExpression } from './pattern-source.ts'
import { parsePattern } from './pattern-syntax.ts'

describe('a regular expression of the company', () => {
  for (const [source, text, value] of [
    ['PRJ-\\d{4}', 'voir PRJ-0042 demain', 'PRJ-0042'],
    ['\\bCL[-_]?[A-Z]{2}\\d+\\b', 'client CL-FR900', 'CL-FR900'],
    ['(?:dossier|file)\\s+n°?\\s?\\d{3,8}', 'le dossier n° 12345', 'dossier n° 12345'],
    ['[\\w.+-]+@intern\\.example', 'à jean.dupont@intern.example', 'jean.dupont@intern.example'],
    ['(?:\\w+\\.){1,4}corp', 'srv.db.corp', 'srv.db.corp'],
    ['(?<!\\d)\\d{6}(?!\\d)', 'n 123456.', '123456'],
    ['(?<year>20\\d\\d)/[a-f]{2}', '2026/ab', '2026/ab'],
    ['\\u0041\\x42[\\x43-\\x45]', 'ABD', 'ABD'],
    ['é{2}', 'éé', 'éé'],
  ] as const) {
    test(`finds ${source}`, () => {
      const [finding] = ownFindings(patternOf(source), text)
      assert.ok(finding)
      assert.equal(finding.type, 'COMPANY_PATTERN')
      assert.equal(finding.rule, 'own-codes')
      assert.equal(text.slice(finding.start, finding.end), value)
    })
  }

  test('meets full-width digits and zero-width signs like any detector', () => {
    assert.equal(ownFindings(patternOf('PRJ-\\d{4}'), 'PR\u200bJ-００４２').length, 1)
    assert.equal(ownFindings(patternOf('prj-\\d{4}', true), 'PRJ-0042').length, 1)
  })

  for (const [source, problem] of [
    ['(a+)+$', 'pattern-nested-quantifier'],
    ['(a*)*', 'pattern-nested-quantifier'],
    ['([a-z]+)*x', 'pattern-nested-quantifier'],
    ['(?:a{1,50}){1,50}b', 'pattern-nested-quantifier'],
    ['(?:\\d+ ?)+x', 'pattern-nested-quantifier'],
    ['(?:[^"]|\\w+)+y', 'pattern-overlapping-alternatives'],
    ['(a|a)+$', 'pattern-overlapping-alternatives'],
    ['(a|ab)*c', 'pattern-overlapping-alternatives'],
    ['(?:x|X)+y', null],
    ['\\d+\\w+x', 'pattern-overlapping-quantifiers'],
    ['.*foo.*bar', 'pattern-overlapping-quantifiers'],
    ['a*a*a*b', 'pattern-overlapping-quantifiers'],
    ['\\s+-?\\s+x', 'pattern-overlapping-quantifiers'],
    [
      '(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)b',
      'pattern-overlapping-quantifiers',
    ],
    ['(\\w)\\1', 'pattern-backreference'],
    ['(?<a>x)\\k<a>', 'pattern-backreference'],
    ['(?=.*x)y', 'pattern-lookaround'],
    ['(?<=a+)b', 'pattern-lookaround'],
    ['(?=(?=a)b)c', 'pattern-lookaround'],
    ['a*', 'pattern-matches-empty'],
    ['(?:)', 'pattern-matches-empty'],
    ['^$', 'pattern-matches-empty'],
    ['a|', 'pattern-matches-empty'],
    ['a{5000}', 'pattern-too-wide'],
    ['(', 'pattern-syntax'],
    ['a)', 'pattern-syntax'],
    ['[z-a]', 'pattern-syntax'],
    ['a{3,1}', 'pattern-syntax'],
    ['a{', 'pattern-syntax'],
    ['*a', 'pattern-syntax'],
    ['(?i)a', 'pattern-syntax'],
    ['\\p{L}', 'pattern-syntax'],
    ['[]', 'pattern-syntax'],
    ['\\', 'pattern-syntax'],
    ['('.repeat(60) + 'a' + ')'.repeat(60), 'pattern-syntax'],
    ['a'.repeat(501), 'pattern-too-long'],
  ] as const) {
    test(`${problem === null ? 'accepts' : 'is refused as ' + problem}: ${source.slice(0, 40)}`, () => {
      const accepted = acceptPattern(source, false)
      assert.equal(accepted.ok ? null : accepted.error, problem)
    })
  }

  test('is refused in both cases when letters overlap only without regard to case', () => {
    assert.ok(acceptPattern('(?:x|X)+y', false).ok)
    assert.equal(acceptPattern('(?:x|X)+y', true).ok, false)
  })

  test('that is slow is caught by its steps even where its shape is not known', () => {
    const slow = parsePattern('(?:a|a|a|ab){1,30}c')
    assert.ok(slow.ok)
    assert.equal(isFastEnough(slow.value, false), false)
  })

  const atom = fc.constantFrom(
    'a',
    'b',
    '\\d',
    '\\w',
    '[^a]',
    '.',
    '(?:a|b)',
    '(?:ab|c)',
    'x{2}',
    '\\b',
  )
  const quantifier = fc.constantFrom('', '', '?', '*', '+', '{2,5}', '{3,}', '+?')
  const piece = fc.tuple(atom, quantifier).map(([one, many]) => (one === '\\b' ? one : one + many))
  const generated = fc
    .array(
      fc.oneof(
        piece,
        fc.array(piece, { minLength: 1, maxLength: 3 }).map((list) => `(?:${list.join('')})+`),
      ),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    .map((list) => list.join(''))
  const busy = fc.array(fc.constantFrom('a', 'b', 'ab', '1', 'x', 'c', ' ', 'é'), {
    maxLength: 200,
  })

  test('once accepted takes a bounded number of steps on any text', () => {
    fc.assert(
      fc.property(generated, busy, (source, letters) => {
        const accepted = acceptPattern(source, false)
        if (!accepted.ok) return
        const text = letters.join('')
        assert.ok(
          stepsOver(accepted.value, text, false, 20_000 * (text.length + 1)) !== null,
          source,
        )
      }),
      { numRuns: 600 },
    )
  })

  test('once accepted finds what the expression as written finds', () => {
    fc.assert(
      fc.property(generated, busy, (source, letters) => {
        const own = patternExpression({ source, ignoreCase: false })
        if (own === null || !acceptPattern(source, false).ok) return
        const text = letters.join('').slice(0, 60)
        assert.deepEqual(
          [...text.matchAll(own)].map(({ index, 0: value }) => [index, value]),
          [...text.matchAll(new RegExp(source, 'g'))].map(({ index, 0: value }) => [index, value]),
        )
      }),
      { numRuns: 600 },
    )
  })

  test('of any text is refused or accepted, never thrown at', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(...Array.from('ab\\()[]{}*+?|^$.1,-x:=!<d')),
          maxLength: 24,
        }),
        (source) => {
          const accepted = acceptPattern(source, true)
          if (accepted.ok) assert.ok(patternExpression({ source, ignoreCase: true }))
        },
      ),
      { numRuns: 3_000 },
    )
  })
})
