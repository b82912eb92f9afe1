import type { Numbers } from './digest-numbers.ts'

/** Given names that both languages read. */
const GIVEN =
  'Alice Adrian Agnes Albert Amelia Arthur Aurore Basile Camille Celeste Charles Clement Colette Damien Denis Diane Edgar Elise Emile Emma Ernest Eugenie Felix Flora Gabriel Gaston Gilbert Helena Hugo Ines Irene Jasper Jeanne Julian Juliet Laurent Leonie Louise Lucas Lucien Mabel Marcel Margot Martin Mathilde Maurice Nina Noel Oscar Pauline Philip Rosalie Sabine Samuel Simon Sophie Theo Valentin Victor Violette'.split(
    ' ',
  )
/** Family names of plants, trades and places: seldom a word of the text. */
const FAMILY =
  'Alderton Aubrac Ashcombe Beaurivage Belcourt Blackwood Boisvert Bramwell Castelnau Chantemerle Clairval Cranfield Delacourt Desrosiers Dunmore Eastbrook Estival Fairbanks Fontclaire Garrigue Grandpre Hartfield Hautbois Hazelwood Hollander Jolibois Kingsford Lachapelle Langlois Lemercier Lindqvist Longmire Malherbe Marchetti Merriweather Monfort Northcott Oakhurst Pellerin Pemberton Pontcarre Quincey Ravenel Redgrave Rivoire Rochefort Saintonge Sheffield Sommerville Tavernier Thornbury Underhill Vauclain Verneuil Villiers Wainwright Whitlock Winterbourne Woodruff Yardley'.split(
    ' ',
  )

/** A name of two words; one alone could be any word. */
export function fakePerson(text: string, numbers: Numbers): string | null {
  const words = text.trim().split(/\s+/)
  if (words.length < 2) return null
  const name = `${numbers.pick(GIVEN)} ${numbers.pick(FAMILY)}`
  return text === text.toUpperCase() ? name.toUpperCase() : name
}

/** Domains that nobody has (RFC 2606). */
const DOMAINS = ['example.com', 'example.org', 'example.net']

/** An address at a domain that nobody has. */
export const fakeAddress = (numbers: Numbers): string =>
  `${numbers.pick(GIVEN)}.${numbers.pick(FAMILY)}${numbers.digits(2)}@`.toLowerCase() +
  numbers.pick(DOMAINS)
