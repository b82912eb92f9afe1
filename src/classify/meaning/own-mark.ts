import type { LiteralGroup } from '../scan/lexicon.ts'
import type { Scan } from '../scan/scan.ts'

/** Words without which a sentence shows nothing of the writer's own: the shared pass finds them, so that most words of a topic cost nothing. */
export const OWN_MARKS: LiteralGroup = {
  name: 'own-mark',
  standing: 'word',
  words:
    'notre|nos|nôtre|nôtres|mon|ma|mes|nous|on va|on prépare|on envisage|on fusionne|on ferme|on lance|chez nous|en interne|voici|voilà|ci-joint|ci-jointe|ci-joints|ci-dessous|ci-dessus|ci-après|pièce jointe|est jointe|je te colle|je colle|de l’entreprise|de la société|de la boîte|de l’équipe|de la maison|de l’usine|de la filiale|de la direction|our|ours|my|us|we|in-house|in house|here is|here are|here’s|this list|this file|this export|cette liste|ce fichier|cet export|attached|below|enclosed|pasted|paste of|this is|the company|the board|company’s|team’s|the team’s'.split(
      '|',
    ),
}

/** No sentence reaches further. */
const REACH = 240

/** Whether such a word stands near enough to be in the same sentence. */
export const hasOwnMark = (scan: Scan, start: number, end: number): boolean =>
  scan.hits(OWN_MARKS.name).within(start - REACH, end + REACH) >= 0
