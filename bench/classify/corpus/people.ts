import { below, digits, pad, pick, type Random } from './numbers.ts'

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** First names and surnames that are common in registers of births; no person is meant. */
export const FIRST: Readonly<Record<string, readonly string[]>> = {
  fr: words(`Camille Élodie Thomas Nicolas Amélie Jérôme Hélène François Geneviève Aurélie Mathieu Chloé Benoît Zoé
    Inès Fatima Mohamed Karim Yasmine Rachid Samira Moussa Aminata Ousmane Mariam Awa Ibrahima Sofiane Nadia Léa`),
  en: words(`Emily James Oliver Charlotte Sarah David Michael Jennifer Daniel Rachel Thomas Hannah George Alice Megan
    Siobhan Liam Fiona Gareth Priya Arjun Fatima Omar Chinedu Grace Samuel Isabella Robert Laura Nathan`),
}
export const LAST: Readonly<Record<string, readonly string[]>> = {
  fr: words(`Martin Bernard Dubois Durand Lefèvre Moreau Girard Rousseau Mercier Fontaine Gauthier Chevalier Perrin
    Lemaire Benali Haddad Cherif Traoré Diallo Ndiaye Koné Da-Silva Pereira Garcia Nguyen Le-Goff Kerbrat Meunier`),
  en: words(`Smith Johnson Williams Brown Taylor Davies Wilson Evans Roberts Walker Wright Thompson Hughes Edwards
    Green Patel Sharma Khan Ahmed Okafor Mensah Murphy O'Brien MacDonald Campbell Parker Collins Bennett`),
}
const STREETS: Readonly<Record<string, readonly string[]>> = {
  fr: [
    'rue des Tilleuls',
    'avenue de la Gare',
    'boulevard Voltaire',
    'place du Marché',
    'chemin des Vignes',
    'allée des Peupliers',
    'impasse du Moulin',
    'quai de la Loire',
    'rue Jean Jaurès',
  ],
  en: [
    'High Street',
    'Station Road',
    'Mill Lane',
    'Victoria Avenue',
    'Church Street',
    'Park Road',
    'Elm Drive',
    'King Street',
    'Queens Gardens',
  ],
}
const TOWNS: Readonly<Record<string, readonly string[]>> = {
  fr: [
    '44000 Nantes',
    '35000 Rennes',
    '69003 Lyon',
    '13006 Marseille',
    '31000 Toulouse',
    '59800 Lille',
    '67000 Strasbourg',
    '21000 Dijon',
    '75011 Paris',
    '29200 Brest',
  ],
  en: [
    'Leeds LS1 4DY',
    'Bristol BS1 5TR',
    'York YO1 9WT',
    'Cardiff CF10 1EP',
    'London SW1A 2AA',
    'Glasgow G1 1XQ',
    'Oxford OX1 3BD',
    'Bath BA1 1LZ',
  ],
}
const DOMAINS = [
  'ateliers-du-quai',
  'menuiserie-canal',
  'harbour-joinery',
  'northmill',
  'lestilleuls',
  'papeterie-ouest',
]
const ENDINGS = ['fr', 'com', 'org', 'eu', 'co.uk', 'net']

const of = (table: Readonly<Record<string, readonly string[]>>, lang: string): readonly string[] =>
  table[lang] ?? table['en'] ?? []

export function person(next: Random, lang: string): string {
  const first = pick(next, of(FIRST, lang))
  const last = pick(next, of(LAST, lang)).replace('-', ' ')
  return next() < 0.1 ? `${first} ${last.toUpperCase()}` : `${first} ${last}`
}

export function email(next: Random, lang: string): string {
  const plain = (text: string): string =>
    text
      .normalize('NFD')
      .replaceAll(/[^a-zA-Z]/g, '')
      .toLowerCase()
  const first = plain(pick(next, of(FIRST, lang)))
  const last = plain(pick(next, of(LAST, lang)))
  const local = pick(next, [
    `${first}.${last}`,
    `${first[0] ?? ''}${last}`,
    `${last}${below(next, 90) + 10}`,
    `${first}_${last}`,
  ])
  return `${local}@${pick(next, DOMAINS)}.${pick(next, ENDINGS)}`
}

export function address(next: Random, lang: string): string {
  const house = 1 + below(next, 180)
  const street = pick(next, of(STREETS, lang))
  const town = pick(next, of(TOWNS, lang))
  return lang === 'fr' ? `${house} ${street}, ${town}` : `${house} ${street}, ${town}`
}

/** National and international forms, mobile and fixed lines. */
export function phone(next: Random, lang: string): string {
  const pairs = (): string => Array.from({ length: 4 }, () => digits(next, 2)).join(' ')
  if (lang === 'fr') {
    const kind = pick(next, ['6', '7', '1', '2', '3', '4', '5', '9'])
    const rest = pairs()
    return pick(next, [
      `0${kind} ${rest}`,
      `+33 ${kind} ${rest}`,
      `0${kind}${rest.replaceAll(' ', '')}`,
      `0${kind}.${rest.replaceAll(' ', '.')}`,
      `+33 (0)${kind} ${rest}`,
    ])
  }
  // ranges that Ofcom keeps for drama would be recognised as such; these are ordinary ones
  return pick(next, [
    `07${below(next, 5) + 4}${digits(next, 2)} ${digits(next, 6)}`,
    `+44 7${below(next, 5) + 4}${digits(next, 2)} ${digits(next, 6)}`,
    `020 7${digits(next, 3)} ${digits(next, 4)}`,
    `+1 ${pick(next, ['212', '415', '617', '303'])}-${below(next, 7) + 2}${digits(next, 2)}-${digits(next, 4)}`,
    `(${pick(next, ['212', '415', '617', '303'])}) ${below(next, 7) + 2}${digits(next, 2)}-${digits(next, 4)}`,
  ])
}

const MONTHS: Readonly<Record<string, readonly string[]>> = {
  fr: words('janvier février mars avril mai juin juillet août septembre octobre novembre décembre'),
  en: words(
    'January February March April May June July August September October November December',
  ),
}

export interface Born {
  readonly year: number
  readonly month: number
  readonly day: number
}

export const born = (next: Random): Born => ({
  year: 1940 + below(next, 64),
  month: 1 + below(next, 12),
  day: 1 + below(next, 28),
})

export function birthDate(next: Random, lang: string): string {
  const { year, month, day } = born(next)
  const name = of(MONTHS, lang)[month - 1] ?? ''
  return pick(next, [
    `${pad(day)}/${pad(month)}/${year}`,
    `${day} ${name} ${year}`,
    `${year}-${pad(month)}-${pad(day)}`,
  ])
}
