import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CHATML, compileTemplate, renderPrompt } from './prompt-template.ts'
import type { ChatMessage } from './chat-messages.ts'

const TOKENS = { bos: '<s>', eos: '</s>' }

function render(source: string, messages: readonly ChatMessage[]) {
  const template = compileTemplate(source)
  assert.ok(template)
  return renderPrompt(template, { messages, tools: [] }, TOKENS, 'deadbeef')
}

const user = (content: string): ChatMessage => ({ role: 'user', content })

test('every content is a piece of its own, whatever it holds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }),
      (texts) => {
        const result = render(CHATML, texts.map(user))
        assert.ok(result.ok)
        const contents = result.value.filter(({ origin }) => origin === 'content')
        assert.deepEqual(
          contents.map(({ text }) => text),
          texts.filter((text) => text !== ''),
        )
      },
    ),
  )
})

test('a template that trims has its contents trimmed', () => {
  const trimming = "{% for m in messages %}[{{ m['content'] | trim }}]{% endfor %}"
  const result = render(trimming, [user('  a b \n')])
  assert.ok(result.ok)
  assert.equal(result.value.map(({ text }) => text).join(''), '[a b]')
  const plain = render("{% for m in messages %}[{{ m['content'] }}]{% endfor %}", [user(' a ')])
  assert.ok(plain.ok)
  assert.equal(plain.value.map(({ text }) => text).join(''), '[ a ]')
})

test('a message that the template leaves out is refused, not lost', () => {
  const usersOnly =
    "{% for m in messages %}{% if m['role'] == 'user' %}{{ m['content'] }}{% endif %}{% endfor %}"
  const result = render(usersOnly, [{ role: 'system', content: 'secret rule' }, user('a')])
  assert.deepEqual(result, { ok: false, error: { kind: 'message-dropped', index: 0 } })
})

test('what the template itself refuses is refused', () => {
  const strict = "{{ raise_exception('no') }}"
  assert.deepEqual(render(strict, [user('a')]), {
    ok: false,
    error: { kind: 'refused-by-template' },
  })
  assert.equal(compileTemplate('{% for %}'), null)
})

test('a template that would keep its parser busy for minutes is none', () => {
  assert.equal(compileTemplate(`{{ 'a' }}${' '.repeat(250_000)}{{ 'b' }}`), null)
  assert.equal(compileTemplate(`{{ 'a' }}${'\n'.repeat(300)}`), null)
  assert.equal(compileTemplate('{{ a }}'.repeat(40_000)), null)
  assert.notEqual(compileTemplate(`{{ 'a' }}${' '.repeat(200)}{{ 'b' }}`), null)
})

test('a template that cuts contents apart is not used', () => {
  const cutting = "{{ messages[0]['content'][:12] }}{{ messages[0]['content'] }}"
  assert.deepEqual(render(cutting, [user('a')]), { ok: false, error: { kind: 'bad-template' } })
})
