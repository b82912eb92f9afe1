import type { Language } from '#kernel/refusal-messages.ts'
import { CLASS_NAMES, ZONE_NAMES, type Told } from '#policy/explain-words.ts'
import type { Remark } from '#policy/review.ts'

/** What is remarked, in a sentence. */
export function remarkText(remark: Remark, language: Language): string {
  return (language === 'fr' ? inFrench : inEnglish)(remark)
}

function inEnglish(remark: Remark): string {
  switch (remark.code) {
    case 'class-goes-nowhere':
      return `${capital(CLASS_NAMES[remark.class].en)} data can go nowhere: no enabled destination meets every rule.`
    case 'unknown-name':
      return `Rule ${remark.rule} names \`${remark.name}\` (${remark.field}), which nothing here is called.`
    case 'leaves-nothing':
      return `Rule ${remark.rule} leaves no destination: what it speaks of goes nowhere.`
    case 'changes-nothing':
      return `Rule ${remark.rule} changes nothing: ${remark.beside} speaks of all of it and leaves no more.`
    case 'masks-nowhere':
      return `Rule ${remark.rule} masks towards ${zones(remark.zones, 'en')}, where there is nothing here.`
    case 'crosses-border':
      return `${capital(CLASS_NAMES[remark.class].en)} data can leave your jurisdictions: ${remark.destination}, ${ZONE_NAMES[remark.zone].en}, ${remark.jurisdiction}.`
    case 'rules-contradict':
      return `Rules ${remark.rule} and ${remark.beside} contradict each other: no destination meets both, so what ${remark.rule} speaks of goes nowhere.`
    case 'review-not-kept':
      return `Rule ${remark.rule} may hold answers for a person, and ${remark.beside} has nothing kept: such answers are withheld, nobody can read them.`
    case 'hosts-disjoint':
      return `No host is on the lists of both ${remark.rule} and ${remark.beside}: every link in an answer is a finding.`
    case 'judge-unknown':
      return `Rule ${remark.rule} has answers judged by ${remark.model}, which no destination serves: no such answer is ever shown.`
    case 'judge-not-cleared':
      return `Rule ${remark.rule} has answers judged by ${remark.model}, which may not see ${classes(remark.classes, 'en')} data: no such answer is ever shown.`
    case 'answers-without-text':
      return `Rule ${remark.rule} has answers read on ${remark.surfaces.join(', ')}, whose answers hold no text of a model.`
    case 'mask-never-used':
      return `Rule ${remark.rule} masks towards ${zones(remark.zones, 'en')}, where its requests may not go even masked.`
  }
}

function inFrench(remark: Remark): string {
  switch (remark.code) {
    case 'class-goes-nowhere':
      return `Une donnée ${CLASS_NAMES[remark.class].fr} ne peut aller nulle part : aucune destination activée ne satisfait toutes les règles.`
    case 'unknown-name':
      return `La règle ${remark.rule} nomme \`${remark.name}\` (${remark.field}), que rien ne porte ici.`
    case 'leaves-nothing':
      return `La règle ${remark.rule} ne laisse aucune destination : ce dont elle parle ne va nulle part.`
    case 'changes-nothing':
      return `La règle ${remark.rule} ne change rien : ${remark.beside} parle de tout cela et ne laisse pas davantage.`
    case 'masks-nowhere':
      return `La règle ${remark.rule} masque vers ${zones(remark.zones, 'fr')}, où rien ne se trouve ici.`
    case 'crosses-border':
      return `Une donnée ${CLASS_NAMES[remark.class].fr} peut sortir de vos juridictions : ${remark.destination}, ${ZONE_NAMES[remark.zone].fr}, ${remark.jurisdiction}.`
    case 'rules-contradict':
      return `Les règles ${remark.rule} et ${remark.beside} se contredisent : aucune destination ne satisfait les deux, ce dont parle ${remark.rule} ne va nulle part.`
    case 'review-not-kept':
      return `La règle ${remark.rule} peut retenir des réponses pour relecture, et ${remark.beside} interdit d'en rien conserver : ces réponses sont refusées, personne ne peut les lire.`
    case 'hosts-disjoint':
      return `Aucun hôte ne figure à la fois dans les listes de ${remark.rule} et de ${remark.beside} : tout lien d'une réponse est relevé.`
    case 'judge-unknown':
      return `La règle ${remark.rule} fait juger les réponses par ${remark.model}, qu'aucune destination ne sert : aucune de ces réponses n'est jamais rendue.`
    case 'judge-not-cleared':
      return `La règle ${remark.rule} fait juger les réponses par ${remark.model}, qui ne peut voir de donnée ${classes(remark.classes, 'fr')} : aucune de ces réponses n'est jamais rendue.`
    case 'answers-without-text':
      return `La règle ${remark.rule} fait lire les réponses de ${remark.surfaces.join(', ')}, qui ne contiennent aucun texte d'un modèle.`
    case 'mask-never-used':
      return `La règle ${remark.rule} masque vers ${zones(remark.zones, 'fr')}, où ses requêtes ne peuvent aller même masquées.`
  }
}

/** What to do about it. */
export const REMEDIES: Readonly<Record<Remark['code'], Told>> = {
  'class-goes-nowhere': {
    en: 'Clear a destination of yours for it, or write a rule that names the class and says where it may go.',
    fr: 'Habilitez une de vos destinations, ou écrivez une règle qui nomme la classe et dit où elle peut aller.',
  },
  'unknown-name': {
    en: 'Correct the name, or add the destination.',
    fr: 'Corrigez le nom, ou ajoutez la destination.',
  },
  'leaves-nothing': {
    en: 'Ask for less, or write `zones: []` where nothing is to leave.',
    fr: 'Demandez moins, ou écrivez `zones: []` si rien ne doit sortir.',
  },
  'changes-nothing': { en: 'Remove it.', fr: 'Supprimez-la.' },
  'masks-nowhere': {
    en: 'Add a destination there, or change `zones` of the mask.',
    fr: 'Ajoutez-y une destination, ou changez les `zones` du masque.',
  },
  'crosses-border': {
    en: 'If that is not meant, ask for `jurisdictions` in the rule that allows it.',
    fr: "Si ce n'est pas voulu, demandez des `jurisdictions` dans la règle qui le permet.",
  },
  'rules-contradict': {
    en: 'Narrow the `match` of one of the two, or have them agree on a destination.',
    fr: "Resserrez le `match` de l'une des deux, ou accordez-les sur une destination.",
  },
  'review-not-kept': {
    en: 'Leave `no-store` out there, or have such answers refused instead of held.',
    fr: 'Retirez-y `no-store`, ou faites refuser ces réponses au lieu de les retenir.',
  },
  'hosts-disjoint': {
    en: 'Write the hosts that both mean into both lists.',
    fr: 'Écrivez dans les deux listes les hôtes que les deux visent.',
  },
  'judge-unknown': {
    en: 'Add a destination that serves it, or name another model.',
    fr: 'Ajoutez une destination qui le sert, ou nommez un autre modèle.',
  },
  'judge-not-cleared': {
    en: 'Take a judge of your own machines, clear its destination, or leave these classes out of the rule.',
    fr: 'Prenez un juge sur vos machines, habilitez sa destination, ou ôtez ces classes de la règle.',
  },
  'answers-without-text': {
    en: 'Leave these surfaces out, or the duty.',
    fr: "Ôtez ces surfaces, ou l'obligation.",
  },
  'mask-never-used': {
    en: 'Allow these zones in the rules that speak of the class, or remove the mask.',
    fr: 'Permettez ces zones dans les règles qui parlent de la classe, ou supprimez le masque.',
  },
}

const zones = (
  all: Extract<Remark, { code: 'masks-nowhere' }>['zones'],
  language: Language,
): string => all.map((zone) => ZONE_NAMES[zone][language]).join(', ')

const classes = (
  all: Extract<Remark, { code: 'judge-not-cleared' }>['classes'],
  language: Language,
): string => all.map((one) => CLASS_NAMES[one][language]).join(', ')

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
