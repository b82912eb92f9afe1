import type { Language } from '#kernel/refusal-messages.ts'
import type { RefusedChoice, RefusedCode, Verdict } from '#kernel/verdict.ts'
import { CLASS_NAMES, ZONE_NAMES, type Told } from './explain-words.ts'

const REASONS: Readonly<Record<RefusedCode, Told>> = {
  'clearance-too-low': {
    en: 'is not cleared for {class} data',
    fr: "n'est pas habilitée pour une donnée {class}",
  },
  'zone-not-allowed': {
    en: 'is outside the zones where {class} data may go',
    fr: 'est hors des zones où une donnée {class} peut aller',
  },
  'jurisdiction-not-allowed': {
    en: 'is outside the jurisdictions where {class} data may go',
    fr: 'est hors des juridictions où une donnée {class} peut aller',
  },
  'class-not-mentioned': {
    en: 'is outside, and no rule mentions {class} data',
    fr: "est à l'extérieur, et aucune règle ne mentionne une donnée {class}",
  },
  'category-withheld': {
    en: 'must not see a category that the request has',
    fr: 'ne doit pas voir une catégorie que porte la demande',
  },
  denied: { en: 'is refused by name', fr: 'est nommément refusée' },
  'destination-not-allowed': {
    en: 'is not among the destinations allowed',
    fr: "n'est pas parmi les destinations permises",
  },
  'model-not-allowed': {
    en: 'is not among the models allowed',
    fr: "n'est pas parmi les modèles permis",
  },
  'licence-not-allowed': {
    en: 'has a licence that is unknown or not among those allowed',
    fr: 'a une licence inconnue ou qui n’est pas parmi celles permises',
  },
  'openness-too-low': {
    en: 'is less open than asked, or its openness is not known',
    fr: "est moins ouverte qu'il n'est demandé, ou son ouverture n'est pas connue",
  },
  'retention-too-long': {
    en: 'keeps content longer than allowed, or does not say for how long',
    fr: 'conserve le contenu plus longtemps que permis, ou ne dit pas combien de temps',
  },
  'training-not-excluded': {
    en: 'does not exclude training on content',
    fr: "n'exclut pas l'entraînement sur le contenu",
  },
  'certification-missing': {
    en: 'lacks a certification that is asked for',
    fr: "n'a pas une certification demandée",
  },
  'weights-quarantined': {
    en: 'holds weights in quarantine, which nobody has cleared: `ecluse models list --state quarantined`',
    fr: "a des poids en quarantaine, que personne n'a libérés : `ecluse models list --state quarantined`",
  },
  'weights-suspended': {
    en: 'holds weights whose service is suspended: `ecluse models list --state suspended`',
    fr: 'a des poids dont le service est suspendu : `ecluse models list --state suspended`',
  },
  'weights-revoked': {
    en: 'holds weights that were revoked for good',
    fr: 'a des poids révoqués définitivement',
  },
  'weights-changed': {
    en: 'holds weights that are not the bytes that were admitted: pull them again',
    fr: 'a des poids qui ne sont plus les octets admis : récupérez-les de nouveau',
  },
  'exception-missing': {
    en: 'holds weights in a format that needs a signed exception, and none is valid now',
    fr: 'a des poids dans un format qui exige une exception signée, et aucune ne vaut maintenant',
  },
  'licence-blocked': {
    en: "holds weights whose licence does not allow the company's use",
    fr: "a des poids dont la licence ne permet pas l'usage qu'en fait l'entreprise",
  },
  'weights-not-approved': {
    en: 'runs weights that the company has not approved, as far as is known',
    fr: "fait tourner des poids que l'entreprise n'a pas approuvés, pour autant qu'on sache",
  },
  'weights-not-verified': {
    en: 'runs weights that nobody verified, as far as is known',
    fr: "fait tourner des poids que personne n'a vérifiés, pour autant qu'on sache",
  },
  'engine-vulnerable': {
    en: 'runs on an engine with a vulnerability above what is allowed, or of which nothing is known',
    fr: 'tourne sur un moteur dont une vulnérabilité dépasse ce qui est permis, ou dont on ne sait rien',
  },
  'too-slow': {
    en: 'has taken longer of late to begin an answer than is asked',
    fr: "met ces temps-ci plus de temps à commencer une réponse qu'il n'est demandé",
  },
  'not-maskable': {
    en: 'may see the request masked alone, and it cannot be masked',
    fr: 'ne peut voir la demande que masquée, et elle ne peut pas être masquée',
  },
  'not-enabled': {
    en: 'is known but not enabled: `ecluse destinations enable {destination}`',
    fr: 'est connue mais pas activée : `ecluse destinations enable {destination}`',
  },
  'not-trusted': {
    en: 'was only discovered, so it sees public data alone: `ecluse destinations trust {destination}`',
    fr: 'est seulement découverte, elle ne voit donc que des données publiques : `ecluse destinations trust {destination}`',
  },
  'zone-excluded-by-caller': {
    en: 'is in a zone the caller excluded',
    fr: "est dans une zone que l'appelant a exclue",
  },
  'class-above-key': {
    en: 'is not asked: the key may not send {class} data',
    fr: "n'est pas sollicitée : la clé ne peut pas envoyer une donnée {class}",
  },
  'zone-not-allowed-by-key': {
    en: 'is in a zone that the key does not allow',
    fr: "est dans une zone que la clé n'autorise pas",
  },
  'model-not-allowed-by-key': {
    en: 'serves a model that the key does not allow',
    fr: "sert un modèle que la clé n'autorise pas",
  },
  'not-ready': { en: 'is not ready yet', fr: "n'est pas encore prête" },
  down: { en: 'does not answer at the moment', fr: 'ne répond pas en ce moment' },
}

/** Why one destination may not see a request, with the rule that says so. */
export function explainRefused(
  refused: RefusedChoice,
  verdict: Verdict,
  language: Language,
): string {
  const reason = REASONS[refused.code][language]
    .replaceAll('{class}', CLASS_NAMES[verdict.label.class][language])
    .replaceAll('{destination}', refused.destination)
  const rule = language === 'fr' ? 'règle' : 'rule'
  return `${refused.destination} ${reason} (${rule} ${refused.rule}).`
}

/** The verdict in a sentence or two. */
export function explainVerdict(verdict: Verdict, language: Language): string {
  const name = CLASS_NAMES[verdict.label.class][language]
  const { chosen } = verdict
  if (language === 'fr') {
    const opening = verdict.label.undetermined
      ? `Cette requête n'a pas pu être entièrement lue : elle est traitée comme ${name}.`
      : `Cette requête est ${name}.`
    return chosen
      ? `${opening} Elle irait à ${chosen.destination.id} (${ZONE_NAMES[chosen.zone].fr}), modèle ${chosen.model.name}.`
      : `${opening} Aucune destination ne peut la voir.`
  }
  const opening = verdict.label.undetermined
    ? `This request could not be read in full, so it is treated as ${name}.`
    : `This request is ${name}.`
  return chosen
    ? `${opening} It would go to ${chosen.destination.id} (${ZONE_NAMES[chosen.zone].en}), model ${chosen.model.name}.`
    : `${opening} No destination may see it.`
}
