import type { Detector } from '../scan/detector.ts'
import { findOwn } from './find-own.ts'
import type { OwnTermsSource } from './own-terms.ts'

/** The company's own terms, patterns and documents as a detector; what is in force is looked up at each text. */
export const ownTermsDetector = (source: OwnTermsSource): Detector => ({
  id: 'own-terms',
  acrossParts: true,
  literals: [],
  find(scan, found) {
    // what was told and cannot be read could be in any text: it counts as a detector that failed
    if (source.current === null) throw new Error('own-terms-unreadable')
    if (source.current.version !== '') findOwn(source.current, scan, found)
  },
})
