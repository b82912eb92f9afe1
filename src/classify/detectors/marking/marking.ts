import type { Reason } from '#kernel/label.ts'
import type { Detector } from '../../scan/detector.ts'
import { readingOf } from '../../meaning/reading.ts'
import type { Sentence } from '../../meaning/sentence.ts'
import { longestHits } from '../../scan/hits.ts'
import type { Scan } from '../../scan/scan.ts'
import { MARKINGS } from './words.ts'

/** A question about a marking is not one. */
const ABOUT =
  /\b(?:signifie|veut dire|mention|mentions|mean|means|meaning|what is|what's|qu['’]est|c['’]est quoi|définition|define|definition|explain|explique|expliquer|difference|différence|when (?:should|to)|quand|comment (?:marquer|classer)|niveaux?|levels?|label(?:s|led)?|marking|markings|classification scheme)\b/i
const SUBJECT = /^\s{0,4}(?:objet|sujet|subject|re|fw|fwd|tr)\s?:/i
/** A short heading and a dash: "Board minutes — strictly confidential". */
const AT_THE_END = /^[\p{L}\d '’/&,:.()-]{2,60} [–—|-] $/u
const SAYS_SO =
  /(?:^|[\s(«"“'’])(?:this|these|the|our|its|ce|cet|cette|ces|le|la|les|l['’]|notre|it|that|ceci|cela|all|tout|toute) ?(?:[\p{L}'’-]{1,20} ){0,4}(?:est|sont|is|are|reste|restent|remains?|doit rester|must remain|must stay|stays)(?: (?:strictement|strictly|hautement|highly|très|et|tous?|tenue?s?|kept))? $/iu
const KEEP =
  /(?:keep (?:this|it)|treat (?:this|it) as|à titre|à garder|gardez? (?:ceci|cela)|reste|shared|sent|provided|received|covered|supplied|transmise?|reçue?|fournie?|partagée?|couverte?) (?:strictement |strictly )?$/iu

/** Markings of documents: capitals, a line or a sentence of its own, a subject, or a sentence that says so. */
export const marking: Detector = {
  id: 'marking',
  acrossParts: false,
  literals: MARKINGS.map(({ level, words }) => ({
    name: `marking:${level}`,
    standing: 'word',
    words,
  })),
  find(scan, found) {
    for (const { level } of MARKINGS) {
      for (const { start, end, word } of longestHits(scan.hits(`marking:${level}`))) {
        if (scan.steps.exhausted) return
        const sentence = readingOf(scan).sentenceAround(start, end)
        const reason = positionOf(scan, start, end, sentence)
        if (reason === undefined || ABOUT.test(sentence.text)) continue
        found({
          type: 'DOCUMENT_MARKING',
          rule: `marking-${level}`,
          start,
          end,
          confidence: 0.9,
          because: [{ kind: 'keyword', keyword: word }, reason],
        })
      }
    }
  },
}

function positionOf(
  scan: Scan,
  start: number,
  end: number,
  sentence: Sentence,
): Reason | undefined {
  const { text } = scan
  const word = text.slice(start, end)
  const before = text.slice(sentence.start, start)
  const after = text.slice(end, sentence.end)
  if (SUBJECT.test(before)) return { kind: 'position', where: 'subject' }
  const alone = /^[^\p{L}\d]*$/u.test(before)
  const capitals = word.toUpperCase() === word && /\p{L}{4}/u.test(word)
  const tlp = /^tlp/i.test(word)
  if (alone && /^[^\p{L}\d]*$/u.test(after)) return { kind: 'position', where: 'own-line' }
  if (alone && (capitals || tlp || /^\s{0,3}(?:[:–—\-|.,;/]|\*{2})/.test(after)))
    return { kind: 'position', where: 'heading' }
  if (tlp || capitals) return { kind: 'position', where: 'heading' }
  if (word.includes(' ') && AT_THE_END.test(before) && /^[^\p{L}\d]*$/u.test(after))
    return { kind: 'position', where: 'heading' }
  if (word.includes(' ') && alone) return { kind: 'position', where: 'heading' }
  if (SAYS_SO.test(before) || KEEP.test(before)) return { kind: 'shape' }
  return undefined
}
