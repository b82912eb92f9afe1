import { OutOfBudget } from '../budget.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import type { Scan } from '../scan.ts'

/** A graph of OpenVINO with a hundred thousand layers has some 100 MB. */
const LONGEST = 256 * 1024 * 1024
const DECLARED = /<!(?:DOCTYPE|ENTITY)\b/i
/** An element of a layer or a plug-in with its attributes: no value is longer in what OpenVINO writes. */
const ELEMENT = /<(layer|plugin)\b((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]{0,4096}"|'[^'<]{0,4096}'))*)/g
const OWN_SET = /^opset\d{1,3}$/

/** Judges XML: graphs and plug-ins of OpenVINO, PMML, and whatever declares entities. */
export function scanXml(source: ByteSource, scan: Scan): string {
  if (source.size > LONGEST) throw new OutOfBudget('member')
  const text = Buffer.from(source.read(0, source.size)).toString('utf8')
  if (DECLARED.test(text)) scan.report('xml-entity')
  const root = /<(?![?!])([\w:.-]+)/.exec(text)?.[1] ?? ''
  if (root !== 'net' && root !== 'ie') return root === 'PMML' ? 'pmml' : 'xml'
  for (const { 1: element, 2: attributes = '', index } of text.matchAll(ELEMENT)) {
    scan.budget.step()
    if (element === 'plugin') {
      const library = attribute(attributes, 'location')
      if (library !== null) scan.report('openvino-plugin', { offset: index }, library)
    } else {
      const set = attribute(attributes, 'version') ?? ''
      const type = attribute(attributes, 'type') ?? ''
      if (!OWN_SET.test(set)) scan.report('openvino-extension', { offset: index }, type)
    }
  }
  return 'openvino'
}

function attribute(text: string, name: string): string | null {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(text)
  return found === null ? null : (found[1] ?? found[2] ?? '')
}
