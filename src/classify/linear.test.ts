import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DETECTORS, literalGroups } from './detectors/list.ts'
import { scannerOf, scanText } from './scan-text.ts'
import { buildLexicon } from './scan/lexicon.ts'
import { Steps } from './scan/steps.ts'

const scanner = scannerOf(DETECTORS, buildLexicon(literalGroups(DETECTORS)))

function stepsFor(unit: string, length: number): number {
  const steps = new Steps(Number.POSITIVE_INFINITY)
  scanText(unit.repeat(Math.ceil(length / unit.length)).slice(0, length), '', scanner, steps)
  return steps.spent
}

const HOSTILE = [
  '7',
  '12 ',
  '0',
  'a@',
  'a.b@',
  'a.',
  ' ',
  '\n',
  '-',
  '0x',
  'QUJDREVG',
  '[{(',
  'MARTIN ',
  'Marie ',
  'Mme ',
  'MM. Aa, Bb et ',
  'Jean Le ',
  'julien martin ',
  'my name is julien ',
  'last name: Martin ',
  'A. ',
  'Jean-',
  'in Paris ',
  'Weg 5, A B, ',
  'Via Roma 12 ',
  '12 Elm St Apt 5, Aa Bb, ',
  '69003 Lyon Sur ',
  'Jean, 8 mai 1980, ',
  'Jean, 45 ans, ',
  '%41',
  '&#49;',
  '\\u0041',
  'eyJhbGci.',
  '-----BEGIN PRIVATE KEY-----',
  'password is ',
  'secret_key=',
  'a://b:',
  '12 rue ',
  'passeport ',
  'IBAN FR76 ',
  'cancer ',
  'il est malade ',
  'nom;email\n',
  '"name": ',
  'hémoglobine 8 g/dL ',
  'notre équipe ',
  'our salary. ',
  'le patient, résume: 3 % ',
  'CONFIDENTIEL ',
  'ghp_',
  'datadog key ',
  'kind: secret\ndata:\n a: bcde\n',
  'machine a login b password c ',
  'psexec -p ',
  '"kty":"d":"',
  'identifiants : a / ',
  'DB_PASSWORD=',
  '$2a$10$',
  'cloudinary-secret-',
  'Authorization: Bearer ',
  'curl -u ',
  '756.',
  'HRB ',
  'che-',
  'NHS ',
  'sort code 12-34-56 ',
  'vehicle ',
  'RSSMRA85T10A562S ',
  '010188-1234 ',
  'DE249636666 ',
  'PESEL 4',
  '1.1.',
  '86.214.73.28 ',
  '0a:',
  '3C:5A:',
  'a1::',
  'ABC<<',
  '<',
  '%B4970105260181594^',
  'CVV: 482 ',
  'seed phrase abandon ',
  'abandon ',
  'GPS 48.858370, 2.294481 ',
  'CIN AB48392 ',
  'driver license D4829173 ',
  'face embedding [0.1, ',
  '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa ',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed ',
  'tel 4839201 ',
  '219-46-7381 ',
  'linkedin.com/in/',
  '🙂',
  'é',
  '\u0301',
  'х',
  '=\n',
  '=C3=A9 ',
  '&amp;amp;',
  '%2541',
  '\\\\\\u0041',
  '\u001b[1m',
  '\0',
  `${'QUJD'.repeat(19)}\n`,
  'H4sIAAAAAAAAAAAAAAAAAAAAAAAA ',
  'eJxLTEpOSU1Lz8jMys7JzcsvKCwqLikt ',
  'IFBEGRCFIZDUQSKKJNGE2TSPKBIVEU2U ',
  'a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p ',
  'a=b=c=d=e=f=g=h=i=j=k=l=m=n=o=p ',
]

describe('work grows no faster than the text', () => {
  for (const unit of HOSTILE) {
    test(JSON.stringify(unit), () => {
      const [small, large] = [stepsFor(unit, 10_000), stepsFor(unit, 100_000)]
      assert.ok(large <= 11 * small + 1_000, `${small} steps, then ${large}`)
      assert.ok(large <= 600 * 100_000, `${large / 100_000} steps per unit`)
    })
  }
})
