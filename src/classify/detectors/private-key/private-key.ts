import type { Detector } from '../../scan/detector.ts'

const BEGIN =
  /-{4,5} ?BEGIN ((?:[A-Z\d]{2,12} ){0,4}PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1) ?-{4,5}/y
const PUTTY = /PuTTY-User-Key-File-[23]: /y
const MAC = /Private-MAC: [a-f\d]{40,64}/g
/** Units of `Private-MAC: `, and with the fewest digits that may follow. */
const MAC_NAME = 13
const SHORTEST_MAC = MAC_NAME + 40
/** A key of 16384 bits in PEM is about 13 kB. */
const LONGEST = 20_000
/** Fewer characters of base64 hold no key. */
const SHORTEST_BODY = 40
const BODY = /[A-Za-z\d+/=]/g

/** PEM, OpenSSH, SSH2, PGP and PuTTY private keys and OpenVPN static keys; one whose end is missing counts up to where its body stops. */
export const privateKey: Detector = {
  id: 'private-key',
  acrossParts: true,
  literals: [
    { name: 'pem', standing: 'part', words: ['-----begin ', '---- begin ssh2'] },
    { name: 'ppk', standing: 'part', words: ['putty-user-key-file-'] },
  ],
  find(scan, found) {
    let done = -1
    for (const start of scan.hits('pem').starts) {
      if (scan.steps.exhausted) return
      if (start < done) continue
      BEGIN.lastIndex = start
      const begin = BEGIN.exec(scan.text)
      if (begin === null) continue
      const from = BEGIN.lastIndex
      const { end, closed } = endOfBody(scan.text, from, begin[1] ?? '')
      scan.steps.spend(end - start)
      const body = scan.text.slice(from, end)
      if ((body.match(BODY)?.length ?? 0) < SHORTEST_BODY || body.includes('...')) continue
      done = end
      found({
        type: 'SECRET',
        rule: closed ? 'private-key-pem' : 'private-key-pem-unclosed',
        start,
        end,
        confidence: 0.98,
        because: [{ kind: 'prefix', name: 'PEM' }],
      })
    }
    let mac = -1
    for (const start of scan.hits('ppk').starts) {
      PUTTY.lastIndex = start
      if (!PUTTY.test(scan.text)) continue
      if (mac < start) mac = macAfter(scan.text, start)
      const isClosed = mac + SHORTEST_MAC <= start + LONGEST
      const end = isClosed ? mac + MAC_NAME : Math.min(scan.text.length, start + 400)
      scan.steps.spend(end - start)
      found({
        type: 'SECRET',
        rule: 'private-key-putty',
        start,
        end,
        confidence: 0.98,
        because: [{ kind: 'prefix', name: 'PuTTY' }],
      })
    }
  },
}

/** Where the next check sum of a PuTTY key stands. */
function macAfter(text: string, at: number): number {
  MAC.lastIndex = at
  return MAC.exec(text)?.index ?? Number.POSITIVE_INFINITY
}

/** The body ends at its END line, at any other line of dashes, or after the longest key there is. */
function endOfBody(text: string, from: number, name: string): { end: number; closed: boolean } {
  const dashes = text.slice(from, from + LONGEST).indexOf('----')
  for (const marker of [`-----END ${name}-----`, `---- END ${name} ----`]) {
    if (dashes >= 0 && text.startsWith(marker, from + dashes))
      return { end: from + dashes + marker.length, closed: true }
  }
  const window = text.slice(from, dashes < 0 ? from + LONGEST : from + dashes)
  const body = /^[A-Za-z\d+/=\s\\"',:-]{0,20000}/.exec(window)
  return { end: from + (body?.[0].length ?? 0), closed: false }
}
