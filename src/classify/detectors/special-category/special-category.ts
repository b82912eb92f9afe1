import { topicDetector } from '../../meaning/find-topics.ts'
import type { Detector } from '../../scan/detector.ts'
import { SPECIAL_TOPICS } from './words.ts'

/** Article 9 and 10 of the GDPR: belief, union, politics, origin, sexual life, genes, biometrics, offences; only of a person. */
export const specialCategory: Detector = topicDetector('special-category', SPECIAL_TOPICS)
