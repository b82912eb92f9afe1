import type { Detector } from '../../scan/detector.ts'
import { ALNUM, KIND } from '../../scan/symbols.ts'

const LONGEST_LOCAL = 64
const LONGEST_DOMAIN = 253
const ROLES = new Set(
  'contact info admin administrator support sales hello help noreply no-reply donotreply postmaster webmaster hostmaster abuse security billing accueil commercial compta comptabilite rh recrutement service team office marketing press presse jobs careers newsletter notifications privacy dpo legal root mailer-daemon bonjour sav'.split(
    ' ',
  ),
)
/** Reserved by RFC 2606 and 6761: nobody's mailbox. */
const RESERVED = /(?:^|\.)(?:example|test|invalid|localhost)(?:\.[a-z]{2,3})?$/i
/** `icon@2x.png` and `user@git-host:path` are not mailboxes. */
const NOT_A_DOMAIN = /^\d+x\.|\.(?:png|jpe?g|gif|svg|webp|avif|jsx?|mjs|cjs|tsx?|css|json|html)$/i
const LABELS =
  /^(?:[\p{L}\d](?:[\p{L}\d-]{0,61}[\p{L}\d])?\.){1,8}(?:\p{L}{2,24}|xn--[a-z\d-]{2,59})$/u

const isLocal = (unit: number): boolean =>
  ((KIND[unit] ?? 0) & ALNUM) !== 0 || ".!#$%&'*+/=?^_`{|}~-".includes(String.fromCharCode(unit))
const isDomain = (unit: number): boolean =>
  ((KIND[unit] ?? 0) & ALNUM) !== 0 || unit === 45 || unit === 46

/** Addresses of the form RFC 5321 allows without quotes; role mailboxes and reserved domains score lower. */
export const email: Detector = {
  id: 'email',
  acrossParts: true,
  literals: [{ name: 'at', standing: 'part', words: ['@'] }],
  find(scan, found) {
    const { text } = scan
    for (const at of scan.hits('at').starts) {
      if (scan.steps.exhausted) return
      let start = at
      while (start > 0 && at - start < LONGEST_LOCAL && isLocal(text.charCodeAt(start - 1))) start--
      let end = at + 1
      while (end < text.length && end - at <= LONGEST_DOMAIN && isDomain(text.charCodeAt(end)))
        end++
      scan.steps.spend(end - start)
      start = afterLast(text, start, at)
      while (start < at && ".%'+~-".includes(text[start] ?? '')) start++
      while (end > at + 1 && '.-'.includes(text[end - 1] ?? '')) end--
      const local = text.slice(start, at)
      const domain = text.slice(at + 1, end)
      if (local === '' || local.includes('..') || local.endsWith('.')) continue
      if (!LABELS.test(domain) || NOT_A_DOMAIN.test(domain)) continue
      if (local === 'git' && text[end] === ':') continue
      const role = ROLES.has(local.toLowerCase())
      const reserved = RESERVED.test(domain)
      found({
        type: 'EMAIL_ADDRESS',
        rule: role ? 'email-role' : 'email',
        start,
        end,
        confidence: role ? 0.5 : reserved ? 0.7 : 0.95,
        because: reserved ? [{ kind: 'shape' }, { kind: 'test-value' }] : [{ kind: 'shape' }],
      })
    }
  },
}

/** `mailto=jean@…`, `user:/jean@…`: the mailbox begins after the last sign that a mailbox seldom holds. */
function afterLast(text: string, start: number, at: number): number {
  for (let i = at - 1; i >= start; i--) if ('=/{}|`?!#$&*^'.includes(text[i] ?? '')) return i + 1
  return start
}
