import { ACCESS_WORDINGS } from './access-wordings.ts'
import { ANSWER_WORDINGS } from './answer-wordings.ts'
import { MODEL_WORDINGS } from './model-wordings.ts'
import { SIGN_IN_WORDINGS } from './sign-in-wordings.ts'
import type { Refusal, RefusalCode } from './refusal.ts'
import type { Language, Wording } from './wording.ts'

export { LANGUAGES, type Language } from './wording.ts'

const WORDINGS: Readonly<Record<RefusalCode, Readonly<Record<Language, Wording>>>> = {
  ...ACCESS_WORDINGS,
  ...ANSWER_WORDINGS,
  ...MODEL_WORDINGS,
  ...SIGN_IN_WORDINGS,
  'malformed-json': {
    en: { message: 'The body is not valid JSON.', remedy: 'Send one JSON object, in UTF-8.' },
    fr: {
      message: "Le corps n'est pas du JSON valide.",
      remedy: 'Envoyez un seul objet JSON, en UTF-8.',
    },
  },
  'malformed-multipart': {
    en: {
      message: 'The body is not valid `multipart/form-data` ({reason}).',
      remedy:
        'Send it as an HTTP library writes it: one boundary, line ends of CRLF, a name for every part.',
    },
    fr: {
      message: "Le corps n'est pas du `multipart/form-data` valide ({reason}).",
      remedy:
        "Envoyez-le tel qu'une bibliothèque HTTP l'écrit : une limite, des fins de ligne CRLF, un nom pour chaque partie.",
    },
  },
  'invalid-utf8': {
    en: { message: 'The body is not valid UTF-8.', remedy: 'Encode the body in UTF-8.' },
    fr: { message: "Le corps n'est pas de l'UTF-8 valide.", remedy: 'Encodez le corps en UTF-8.' },
  },
  'body-too-large': {
    en: {
      message: 'The body is larger than {limit} bytes.',
      remedy: 'Send less, or raise `limits.body_bytes`.',
    },
    fr: {
      message: 'Le corps dépasse {limit} octets.',
      remedy: 'Envoyez moins, ou augmentez `limits.body_bytes`.',
    },
  },
  'too-deep': {
    en: {
      message: 'The body nests deeper than {limit} levels.',
      remedy: 'Flatten it.',
    },
    fr: {
      message: 'Le corps est imbriqué sur plus de {limit} niveaux.',
      remedy: 'Aplatissez-le.',
    },
  },
  'unsafe-number': {
    en: {
      message: 'A number cannot be kept exactly (beyond 2^53, or overflowing).',
      remedy: 'Send it as a string.',
    },
    fr: {
      message: 'Un nombre ne peut pas être gardé exactement (au-delà de 2^53, ou débordant).',
      remedy: 'Envoyez-le comme chaîne.',
    },
  },
  'invalid-value': {
    en: {
      message: '`{param}` must be {expected}.',
      remedy: 'Correct the field and send again.',
    },
    fr: {
      message: '`{param}` ne convient pas (attendu : {expected}).',
      remedy: 'Corrigez le champ et renvoyez.',
    },
  },
  'missing-field': {
    en: { message: '`{param}` is required.', remedy: 'Add the field and send again.' },
    fr: { message: '`{param}` est obligatoire.', remedy: 'Ajoutez le champ et renvoyez.' },
  },
  'unsupported-media-type': {
    en: {
      message: 'Only `{accepted}` is accepted here.',
      remedy: 'Set `content-type: {accepted}`, without a content encoding.',
    },
    fr: {
      message: 'Seul `{accepted}` est accepté ici.',
      remedy: 'Indiquez `content-type: {accepted}`, sans encodage de contenu.',
    },
  },
  'unsupported-parameter': {
    en: {
      message: '`{param}` is not supported by this destination.',
      remedy: 'Leave it out, or choose a model that supports it.',
    },
    fr: {
      message: "`{param}` n'est pas géré par cette destination.",
      remedy: 'Retirez-le, ou choisissez un modèle qui le gère.',
    },
  },
  'unknown-model': {
    en: {
      message: 'No destination serves the model asked for.',
      remedy: 'List the models with `GET /v1/models` or `ecluse ls`, or ask for `auto`.',
    },
    fr: {
      message: 'Aucune destination ne sert le modèle demandé.',
      remedy: 'Listez les modèles avec `GET /v1/models` ou `ecluse ls`, ou demandez `auto`.',
    },
  },
  'not-found': {
    en: { message: 'Nothing is here.', remedy: 'See the list of routes in the documentation.' },
    fr: {
      message: "Il n'y a rien ici.",
      remedy: 'Voyez la liste des routes dans la documentation.',
    },
  },
  'method-not-allowed': {
    en: { message: 'This method is not allowed here.', remedy: 'Use {allowed}.' },
    fr: { message: "Cette méthode n'est pas permise ici.", remedy: 'Utilisez {allowed}.' },
  },
  conflict: {
    en: { message: 'This exists already: {name}.', remedy: 'Choose another name.' },
    fr: { message: 'Cela existe déjà : {name}.', remedy: 'Choisissez un autre nom.' },
  },
  'changed-meanwhile': {
    en: {
      message: 'Somebody else changed this at the same moment.',
      remedy: 'Look at what is there now, then repeat the change if it still fits.',
    },
    fr: {
      message: "Quelqu'un d'autre l'a modifié au même moment.",
      remedy:
        "Regardez ce qui s'y trouve à présent, puis refaites la modification si elle convient toujours.",
    },
  },
  'policy-of-file': {
    en: {
      message: 'The policy of this gateway is that of its configuration file alone.',
      remedy: 'Change the file and reload, or set `policy: {source: store}` in it.',
    },
    fr: {
      message: 'La politique de cette passerelle est celle de son seul fichier de configuration.',
      remedy: 'Modifiez le fichier et rechargez, ou mettez-y `policy: {source: store}`.',
    },
  },
  'no-eligible-destination': {
    en: {
      message:
        'No destination may see this request: it is {class}, and {count} destination(s) were refused ({reasons}).',
      remedy:
        'Run a model on your own machines, have the policy changed, or remove the sensitive data (found: {types}). See why: `ecluse audit show {decision}`.',
    },
    fr: {
      message:
        'Aucune destination ne peut voir cette requête : elle est {class}, et {count} destination(s) ont été refusées ({reasons}).',
      remedy:
        'Faites tourner un modèle sur vos machines, faites changer la politique, ou retirez les données sensibles (trouvé : {types}). Détail : `ecluse audit show {decision}`.',
    },
  },
  'passage-refused': {
    en: {
      message: 'The permission to send this content had expired or named another destination.',
      remedy: 'Send the request again.',
    },
    fr: {
      message: "L'autorisation d'envoyer ce contenu avait expiré ou nommait une autre destination.",
      remedy: 'Renvoyez la requête.',
    },
  },
  'rate-limited': {
    en: {
      message: 'The quota {quota} is used up: {limit} {measure} in {window}.',
      remedy: 'Try again in {seconds} s; see what is left with `ecluse quotas`.',
    },
    fr: {
      message: 'Le quota {quota} est épuisé : {limit} {measure} par {window}.',
      remedy: "Réessayez dans {seconds} s ; voyez ce qu'il reste avec `ecluse quotas`.",
    },
  },
  'exceeds-limit': {
    en: {
      message:
        'This request alone is more than the quota {quota} allows: {limit} {measure} in {window}.',
      remedy: 'Send less, lower the most tokens of the answer, or ask for a higher quota.',
    },
    fr: {
      message:
        'Cette requête dépasse à elle seule le quota {quota} : {limit} {measure} par {window}.',
      remedy:
        'Envoyez-en moins, baissez le maximum de jetons de la réponse, ou demandez un quota plus haut.',
    },
  },
  'budget-exhausted': {
    en: {
      message: 'The budget {budget} has no room for this request; it renews at {renews}.',
      remedy: 'Wait until then, ask for a shorter answer, or have the budget raised.',
    },
    fr: {
      message:
        "Le budget {budget} n'a plus de place pour cette requête ; il se renouvelle : {renews}.",
      remedy: 'Attendez jusque-là, demandez une réponse plus courte, ou faites relever le budget.',
    },
  },
  'price-unknown': {
    en: {
      message:
        'No price is known of {model} at {destination}, and the budget {budget} refuses what it cannot count.',
      remedy: 'Have its price added under `prices` in ecluse.yaml, or ask for another model.',
    },
    fr: {
      message:
        "Aucun prix n'est connu pour {model} chez {destination}, et le budget {budget} refuse ce qu'il ne peut pas compter.",
      remedy:
        'Faites ajouter son prix sous `prices` dans ecluse.yaml, ou demandez un autre modèle.',
    },
  },
  'budget-unavailable': {
    en: {
      message: 'What is left of the budget {budget} cannot be known at the moment.',
      remedy: 'Try again in {seconds} s; if it stays so, check the database: `ecluse doctor`.',
    },
    fr: {
      message: 'Ce qui reste du budget {budget} ne peut pas être connu pour le moment.',
      remedy: 'Réessayez dans {seconds} s ; si cela dure, vérifiez la base : `ecluse doctor`.',
    },
  },
  'model-not-ready': {
    en: {
      message: 'The model is not ready yet: {progress}.',
      remedy: 'Try again in {seconds} s; follow it with `ecluse ps`.',
    },
    fr: {
      message: "Le modèle n'est pas encore prêt : {progress}.",
      remedy: 'Réessayez dans {seconds} s ; suivez avec `ecluse ps`.',
    },
  },
  'queue-full': {
    en: {
      message: 'No place is free at the model: its queue is full, or too slow.',
      remedy: 'Try again in {seconds} s.',
    },
    fr: {
      message:
        "Aucune place n'est libre pour ce modèle : sa file d'attente est pleine, ou trop lente.",
      remedy: 'Réessayez dans {seconds} s.',
    },
  },
  'context-too-long': {
    en: {
      message: 'The request needs {tokens} tokens; the model has room for {limit}.',
      remedy: 'Shorten the conversation.',
    },
    fr: {
      message: 'La requête demande {tokens} jetons ; le modèle en a {limit}.',
      remedy: 'Raccourcissez la conversation.',
    },
  },
  'destination-unreachable': {
    en: {
      message: 'The destination {destination} could not be reached.',
      remedy: 'Check that it runs: `ecluse doctor`.',
    },
    fr: {
      message: "La destination {destination} n'a pas pu être jointe.",
      remedy: "Vérifiez qu'elle tourne : `ecluse doctor`.",
    },
  },
  'destination-timeout': {
    en: {
      message: 'The destination {destination} did not answer in time.',
      remedy: 'Try again later, or raise its timeouts.',
    },
    fr: {
      message: "La destination {destination} n'a pas répondu à temps.",
      remedy: 'Réessayez plus tard, ou augmentez ses délais.',
    },
  },
  'destination-credentials': {
    en: {
      message: 'The destination {destination} refused the credentials of this gateway.',
      remedy: 'An administrator must correct its `key` in ecluse.yaml; your own key is fine.',
    },
    fr: {
      message: 'La destination {destination} a refusé les identifiants de cette passerelle.',
      remedy: "L'administrateur doit corriger sa `key` dans ecluse.yaml ; la vôtre convient.",
    },
  },
  'destination-refused': {
    en: {
      message: 'The destination {destination} refused the request (HTTP {status}).',
      remedy: 'Check the parameters against what this destination supports.',
    },
    fr: {
      message: 'La destination {destination} a refusé la requête (HTTP {status}).',
      remedy: 'Comparez les paramètres à ce que cette destination accepte.',
    },
  },
  'destination-rate-limited': {
    en: {
      message: 'The destination {destination} limits its rate at the moment.',
      remedy: 'Try again later.',
    },
    fr: {
      message: 'La destination {destination} limite son débit en ce moment.',
      remedy: 'Réessayez plus tard.',
    },
  },
  'destination-failed': {
    en: {
      message: 'The destination {destination} failed (HTTP {status}).',
      remedy: 'Try again later.',
    },
    fr: {
      message: 'La destination {destination} est en panne (HTTP {status}).',
      remedy: 'Réessayez plus tard.',
    },
  },
  'destination-malformed': {
    en: {
      message: 'The destination {destination} answered something that is not its protocol.',
      remedy: 'Check its address with `ecluse doctor`.',
    },
    fr: {
      message: 'La destination {destination} a répondu autre chose que son protocole.',
      remedy: 'Vérifiez son adresse avec `ecluse doctor`.',
    },
  },
  'stream-interrupted': {
    en: {
      message: 'The answer broke off before its end.',
      remedy: 'What you received is incomplete; ask again.',
    },
    fr: {
      message: "La réponse s'est interrompue avant la fin.",
      remedy: 'Ce que vous avez reçu est incomplet ; redemandez.',
    },
  },
  'ledger-unavailable': {
    en: {
      message: 'The decision could not be recorded, so nothing was sent.',
      remedy: 'Check the disk and the database: `ecluse doctor`.',
    },
    fr: {
      message: "La décision n'a pas pu être enregistrée, rien n'a donc été envoyé.",
      remedy: 'Vérifiez le disque et la base : `ecluse doctor`.',
    },
  },
  'shutting-down': {
    en: { message: 'The gateway is stopping.', remedy: 'Try again in a moment.' },
    fr: { message: "La passerelle s'arrête.", remedy: 'Réessayez dans un instant.' },
  },
  'internal-error': {
    en: {
      message: 'Something went wrong inside the gateway; nothing more was sent.',
      remedy: 'Quote the request id to your administrator.',
    },
    fr: {
      message: "Une erreur interne s'est produite ; rien de plus n'a été envoyé.",
      remedy: "Donnez l'identifiant de requête à l'administrateur.",
    },
  },
}

/** Classes as words inside a French sentence. */
const FRENCH_CLASSES: Readonly<Record<string, string>> = {
  public: 'publique',
  internal: 'interne',
  confidential: 'confidentielle',
  restricted: 'restreinte',
}

const filled = (text: string, refusal: Refusal, language: Language): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if ((name === 'class' || name === 'highest') && language === 'fr') {
      const given = String(refusal.detail?.[name] ?? '?')
      return FRENCH_CLASSES[given] ?? given
    }
    if (name === 'param') return refusal.param ?? '?'
    if (name === 'accepted') return String(refusal.detail?.['accepted'] ?? 'application/json')
    if (name === 'seconds') return String(refusal.retryAfterSeconds ?? 1)
    return String(refusal.detail?.[name] ?? '?')
  })

/** The refusal in words: what happened, then what to do. */
export function describeRefusal(refusal: Refusal, language: Language): Wording {
  const wording = WORDINGS[refusal.code][language]
  return {
    message: filled(wording.message, refusal, language),
    remedy: filled(wording.remedy, refusal, language),
  }
}

/** The unfilled wording, for the generated list of errors. */
export const refusalWording = (code: RefusalCode, language: Language): Wording =>
  WORDINGS[code][language]
