import type { RefusalCode } from './refusal.ts'
import type { Language, Wording } from './wording.ts'

/** Refusals of who asks, and of what their key does not allow. */
export const ACCESS_WORDINGS = {
  'missing-key': {
    en: {
      message: 'No API key was given.',
      remedy: 'Send `Authorization: Bearer KEY`; make one with `ecluse keys create`.',
    },
    fr: {
      message: "Aucune clé d'API n'a été donnée.",
      remedy: 'Envoyez `Authorization: Bearer CLÉ` ; créez-en une avec `ecluse keys create`.',
    },
  },
  'invalid-key': {
    en: {
      message: 'This API key is not known here.',
      remedy: 'Check the key, or make a new one with `ecluse keys create`.',
    },
    fr: {
      message: "Cette clé d'API n'est pas connue ici.",
      remedy: 'Vérifiez la clé, ou créez-en une avec `ecluse keys create`.',
    },
  },
  'key-expired': {
    en: {
      message: 'This API key has expired or was revoked.',
      remedy: 'Ask an administrator for a new one.',
    },
    fr: {
      message: "Cette clé d'API a expiré ou a été révoquée.",
      remedy: "Demandez-en une nouvelle à l'administrateur.",
    },
  },
  'access-disabled': {
    en: {
      message: 'This key is not in use: its {what} is disabled.',
      remedy: 'Ask an administrator to enable the {what} again, or use another key.',
    },
    fr: {
      message: "Cette clé n'est pas en service : ce dont elle dépend est désactivé ({what}).",
      remedy: "Demandez à l'administrateur de le réactiver ({what}), ou utilisez une autre clé.",
    },
  },
  'address-not-allowed': {
    en: {
      message: 'This key may not be used from this address.',
      remedy: 'Call from an address that the key allows, or ask for another key.',
    },
    fr: {
      message: 'Cette clé ne peut pas être utilisée depuis cette adresse.',
      remedy: 'Appelez depuis une adresse que la clé autorise, ou demandez une autre clé.',
    },
  },
  'scope-missing': {
    en: {
      message: 'This key or person does not have the permission `{scope}`.',
      remedy: 'Use a key or a role that has it: `ecluse roles ls` tells which do.',
    },
    fr: {
      message: "Cette clé ou cette personne n'a pas le droit `{scope}`.",
      remedy: "Utilisez une clé ou un rôle qui l'a : `ecluse roles ls` dit lesquels.",
    },
  },
  'more-than-you-hold': {
    en: {
      message: 'Nobody can give more than they hold: {missing}.',
      remedy: 'Give less, or ask somebody who holds it.',
    },
    fr: {
      message: "Nul ne peut donner plus qu'il ne détient : {missing}.",
      remedy: "Donnez moins, ou demandez à quelqu'un qui le détient.",
    },
  },
  'last-owner': {
    en: {
      message: 'This is the last owner of the organisation.',
      remedy: 'Make another owner first.',
    },
    fr: {
      message: "C'est le dernier propriétaire de l'organisation.",
      remedy: "Nommez d'abord un autre propriétaire.",
    },
  },
  'host-not-allowed': {
    en: {
      message: 'The Host header names a host that this gateway does not answer for.',
      remedy: 'Use the address it listens on, or add the name to `hosts` in ecluse.yaml.',
    },
    fr: {
      message: "L'en-tête Host nomme un hôte pour lequel cette passerelle ne répond pas.",
      remedy: "Utilisez l'adresse d'écoute, ou ajoutez le nom à `hosts` dans ecluse.yaml.",
    },
  },
  'origin-not-allowed': {
    en: {
      message: 'A web page of another origin may not call this gateway.',
      remedy: 'Open the page that the gateway itself serves, or call it from a server.',
    },
    fr: {
      message: "Une page web d'une autre origine ne peut pas appeler cette passerelle.",
      remedy: 'Ouvrez la page que la passerelle sert elle-même, ou appelez-la depuis un serveur.',
    },
  },
  'too-many-attempts': {
    en: { message: 'Too many attempts.', remedy: 'Wait {seconds} s, then try again.' },
    fr: { message: 'Trop de tentatives.', remedy: 'Attendez {seconds} s, puis recommencez.' },
  },
  'surface-not-allowed': {
    en: {
      message: 'This key may not use the surface `{surface}`; it may use: {allowed}.',
      remedy: 'Call another endpoint, or ask for a key that allows this one.',
    },
    fr: {
      message:
        "Cette clé ne peut pas utiliser l'interface `{surface}` ; elle peut utiliser : {allowed}.",
      remedy: "Appelez un autre point d'entrée, ou demandez une clé qui autorise celui-ci.",
    },
  },
  'model-not-allowed': {
    en: {
      message: 'This key may not use this model; it may use: {allowed}.',
      remedy: 'Ask for one of these, or ask for a key that allows more.',
    },
    fr: {
      message: 'Cette clé ne peut pas utiliser ce modèle ; elle peut utiliser : {allowed}.',
      remedy: "Demandez l'un de ceux-ci, ou une clé qui en autorise davantage.",
    },
  },
  'class-above-key': {
    en: {
      message:
        'The request is {class}, and this key may send {highest} at most (found: {types}; decision {decision}).',
      remedy: 'Remove what raises the class, or use a key for {class} data.',
    },
    fr: {
      message:
        'La requête est de classe {class}, et cette clé ne peut envoyer que jusqu’à {highest} (trouvé : {types} ; décision {decision}).',
      remedy: 'Retirez ce qui élève la classe, ou utilisez une clé pour les données {class}.',
    },
  },
} as const satisfies Readonly<Partial<Record<RefusalCode, Readonly<Record<Language, Wording>>>>>
