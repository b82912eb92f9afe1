import { topicDetector } from '../../meaning/find-topics.ts'
import type { Detector } from '../../scan/detector.ts'
import { COMPANY_TOPICS } from './words.ts'

/** Affairs of the company and of its people: HR, law, finance, strategy, security, code, customers, places, export control. */
export const company: Detector = topicDetector('company', COMPANY_TOPICS)
