import type { RefusalCode } from './refusal.ts'
import type { Language, Wording } from './wording.ts'

type ModelCode = Extract<
  RefusalCode,
  | 'model-not-admitted'
  | 'admission-step'
  | 'second-person'
  | 'weights-not-attested'
  | 'weights-missing'
  | 'bill-not-kept'
>

/** What is said of weights that may not serve, and of steps of their admission that cannot be taken. */
export const MODEL_WORDINGS: Readonly<Record<ModelCode, Readonly<Record<Language, Wording>>>> = {
  'model-not-admitted': {
    en: {
      message: 'The weights of {model} may not serve: {reason} (rule {rule}).',
      remedy:
        'Ask for another model, or have them looked at: `ecluse models show {model}` says what is missing.',
    },
    fr: {
      message: 'Les poids de {model} ne peuvent pas servir : {reason} (règle {rule}).',
      remedy:
        'Demandez un autre modèle, ou faites-les examiner : `ecluse models show {model}` dit ce qui manque.',
    },
  },
  'admission-step': {
    en: {
      message: '{model} is {state}: the step `{step}` cannot be taken from there.',
      remedy:
        'The order is quarantined, scanned, verified, approved: see `ecluse models show {model}`.',
    },
    fr: {
      message: "{model} est à l'état {state} : l'étape `{step}` n'est pas possible de là.",
      remedy:
        "L'ordre est quarantined, scanned, verified, approved : voyez `ecluse models show {model}`.",
    },
  },
  'second-person': {
    en: {
      message: 'You brought or verified {model} yourself; two persons are asked for.',
      remedy: 'Have somebody else approve it, with a key or a session of their own.',
    },
    fr: {
      message: 'Vous avez vous-même apporté ou vérifié {model} ; il faut deux personnes.',
      remedy: "Faites-le approuver par quelqu'un d'autre, avec sa propre clé ou session.",
    },
  },
  'weights-not-attested': {
    en: {
      message: 'Nothing says that these bytes of {model} are those of its publisher ({reason}).',
      remedy:
        'Give the digest that the publisher states (`--digest sha256:HEX`), or a signature with its key (`--public-key FILE`).',
    },
    fr: {
      message: 'Rien ne dit que ces octets de {model} sont ceux de son éditeur ({reason}).',
      remedy:
        "Donnez l'empreinte que publie l'éditeur (`--digest sha256:HEX`), ou une signature avec sa clé (`--public-key FICHIER`).",
    },
  },
  'weights-missing': {
    en: {
      message: 'The files of {model} are not in the store of this machine, or have changed.',
      remedy: 'Pull it here, or use the machine that has it: `ecluse models recheck {model}`.',
    },
    fr: {
      message: 'Les fichiers de {model} ne sont pas en réserve sur cette machine, ou ont changé.',
      remedy:
        'Récupérez-le ici, ou allez sur la machine qui les a : `ecluse models recheck {model}`.',
    },
  },
  'bill-not-kept': {
    en: {
      message: 'No bill of materials was kept by then; the first one is of {since}.',
      remedy: '`ecluse models bom ls` lists those that were.',
    },
    fr: {
      message: "Aucune nomenclature n'était encore conservée ; la première est du {since}.",
      remedy: '`ecluse models bom ls` donne celles qui le sont.',
    },
  },
}
