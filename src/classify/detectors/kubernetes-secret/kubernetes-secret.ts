import type { Detector } from '../../scan/detector.ts'
import { isPlaceholder } from '../../scan/placeholder.ts'

/** Units around the kind in which its data stand. */
const AROUND = 2_000
const DATA =
  /(?:^|\n)[ \t]{0,8}(?:data|stringData):[ \t]{0,4}\n|"(?:data|stringData)"\s{0,3}:\s{0,3}\{/
const VALUE =
  /(?:^|\n)[ \t]{1,12}["']?[\w.-]{1,80}["']?:[ \t]{1,4}["']?([^\s"'{}|>#]{4,1500})["']?|"[\w.-]{1,80}"\s{0,3}:\s{0,3}"([^"\n]{4,1500})"/g
/** Where the data end: a line without indentation, or the brace of the object. */
const END = /\n(?=[^\s#-])|\n---|\}/

/** Values of a Secret of Kubernetes, in YAML or JSON: base64 hides nothing. */
export const kubernetesSecret: Detector = {
  id: 'kubernetes-secret',
  acrossParts: false,
  literals: [
    {
      name: 'kind-secret',
      standing: 'head',
      words: ['kind: secret', 'kind: "secret"', '"kind": "secret"', '"kind":"secret"'],
    },
  ],
  find(scan, found) {
    let done = 0
    for (const at of scan.hits('kind-secret').starts) {
      if (scan.steps.exhausted) return
      const from = Math.max(done, at - AROUND)
      const window = scan.text.slice(from, at + AROUND)
      scan.steps.spend(window.length)
      const head = DATA.exec(window)
      if (head === null) continue
      const begin = head.index + head[0].length - 1
      const rest = window.slice(begin)
      const stop = rest.slice(1).search(END)
      const body = stop < 0 ? rest : rest.slice(0, stop + 1)
      for (const match of body.matchAll(VALUE)) {
        const value = match[1] ?? match[2] ?? ''
        if (isPlaceholder(value) || /^(?:true|false|null|\d+)$/.test(value)) continue
        const start = from + begin + match.index + match[0].lastIndexOf(value)
        found({
          type: 'SECRET',
          rule: 'kubernetes-secret',
          start,
          end: start + value.length,
          confidence: 0.8,
          because: [{ kind: 'keyword', keyword: 'kind: Secret' }, { kind: 'shape' }],
        })
      }
      done = from + begin + body.length
    }
  },
}
