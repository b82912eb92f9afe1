import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'

const LATITUDE = '[-+]?(?:90(?:\\.0{1,8})?|[1-8]?\\d\\.\\d{3,15})'
const LONGITUDE = '[-+]?(?:180(?:\\.0{1,8})?|(?:1[0-7]\\d|[1-9]?\\d)\\.\\d{3,15})'
const NAME = '["\']?\\s{0,2}[:=]?\\s{0,2}["\']?'

/** Pairs of WGS 84: decimal degrees with three places or more (a hundred metres), degrees and minutes, geo URIs (RFC 5870). */
const RULES: readonly NearRule[] = [
  {
    type: 'GPS_COORDINATES',
    rule: 'gps-decimal',
    group: 'gps',
    shape: new RegExp(
      `(?<![\\d.])${LATITUDE}°?\\s{0,2}[NS]?\\s{0,2}[,;/ ]\\s{0,2}${LONGITUDE}°?(?:\\s?[EWO])?(?![\\d.])`,
      'g',
    ),
    confidence: 0.85,
  },
  {
    type: 'GPS_COORDINATES',
    rule: 'gps-named',
    group: 'gps',
    shape: new RegExp(
      `(?<![\\d.])${LATITUDE}["']?,?;?\\s{0,6}(?:and |et )?["']?(?:lon|lng|long|longitude)${NAME}${LONGITUDE}(?![\\d.])`,
      'gi',
    ),
    confidence: 0.9,
  },
  {
    type: 'GPS_COORDINATES',
    rule: 'gps-degrees',
    group: 'gps',
    shape:
      /\d{1,2}\s?°\s?\d{1,2}\s?['’′]\s?(?:\d{1,2}(?:[.,]\d{1,6})?\s?(?:"|″|'')\s?)?[NS],?\s{0,3}\d{1,3}\s?°\s?\d{1,2}\s?['’′]\s?(?:\d{1,2}(?:[.,]\d{1,6})?\s?(?:"|″|'')\s?)?[EWO]/g,
    confidence: 0.85,
  },
]

/** A place to within a hundred metres, beside a word that says so: two decimals next to each other are measurements otherwise. */
export const position: Detector = {
  id: 'position',
  acrossParts: true,
  literals: [
    {
      name: 'gps',
      standing: 'word',
      words:
        'gps|latitude|lat|coordonnées|coordinates|geolocation|géolocalisation|géolocalisé|location:|localisation :|position :|position:|latlng|geo:'.split(
          '|',
        ),
    },
  ],
  near: RULES,
}
