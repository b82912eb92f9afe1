import type { Detector } from '../../scan/detector.ts'
import { BOXES, findBoxes } from './boxes.ts'
import { ENGLISH_STREETS, findEnglish } from './english.ts'
import { findFlats, FLATS } from './flats.ts'
import { findFrench, FRENCH_STREETS } from './french.ts'
import { findGermanic, GERMANIC_STREETS } from './germanic.ts'
import { findPostcodes, POSTCODE_WORDS } from './postcodes.ts'
import { findSouthern, SOUTHERN_STREETS } from './southern.ts'
import { findUntyped } from './untyped.ts'

/** Postal addresses of one line or several: French, English, German and Dutch, Italian and Iberian; boxes, postcodes. */
export const address: Detector = {
  id: 'address',
  acrossParts: false,
  literals: [
    FRENCH_STREETS,
    ENGLISH_STREETS,
    GERMANIC_STREETS,
    SOUTHERN_STREETS,
    FLATS,
    BOXES,
    POSTCODE_WORDS,
  ],
  find(scan, found) {
    findFrench(scan, found)
    findEnglish(scan, found)
    findGermanic(scan, found)
    findSouthern(scan, found)
    findFlats(scan, found)
    findBoxes(scan, found)
    findPostcodes(scan, found)
    findUntyped(scan, found)
  },
}
