import type { RefusalCode } from './refusal.ts'
import type { Language, Wording } from './wording.ts'

/** Refusals of people who sign in with an identity provider, and of tokens that others issued. */
export const SIGN_IN_WORDINGS = {
  'sign-in-expired': {
    en: {
      message: 'This sign-in is over: it took too long, was completed already, or began elsewhere.',
      remedy: 'Begin again from the sign-in page.',
    },
    fr: {
      message:
        'Cette connexion est terminée : elle a trop duré, a déjà abouti ou a commencé ailleurs.',
      remedy: 'Recommencez depuis la page de connexion.',
    },
  },
  'sign-in-denied': {
    en: {
      message: 'The identity provider {provider} did not let you in.',
      remedy: 'Try again, or ask those who manage your account there.',
    },
    fr: {
      message: "Le fournisseur d'identité {provider} ne vous a pas laissé entrer.",
      remedy: 'Réessayez, ou demandez à qui gère votre compte chez lui.',
    },
  },
  'sign-in-invalid': {
    en: {
      message: 'The answer of the identity provider {provider} does not hold.',
      remedy: 'Begin again; if it happens again, an administrator should look at the clocks.',
    },
    fr: {
      message: "La réponse du fournisseur d'identité {provider} n'est pas valable.",
      remedy: "Recommencez ; si cela se répète, l'administrateur doit vérifier les horloges.",
    },
  },
  'sign-in-unavailable': {
    en: {
      message: 'The identity provider {provider} does not answer.',
      remedy: 'Try again in a moment, or sign in with a key. Who is signed in stays so.',
    },
    fr: {
      message: "Le fournisseur d'identité {provider} ne répond pas.",
      remedy:
        'Réessayez dans un instant, ou connectez-vous avec une clé. Les connexions ouvertes restent ouvertes.',
    },
  },
  'sign-in-misconfigured': {
    en: {
      message: 'The identity provider {provider} does not know this gateway.',
      remedy:
        'An administrator must check `client_id`, `client_secret` and the redirect URI registered there.',
    },
    fr: {
      message: "Le fournisseur d'identité {provider} ne connaît pas cette passerelle.",
      remedy:
        "L'administrateur doit vérifier `client_id`, `client_secret` et l'URI de redirection enregistrée chez lui.",
    },
  },
  'sign-in-not-invited': {
    en: {
      message: 'Nobody has invited you to this gateway.',
      remedy: 'Ask an administrator to add you by the e-mail address of your account.',
    },
    fr: {
      message: 'Personne ne vous a invité sur cette passerelle.',
      remedy: "Demandez à l'administrateur de vous ajouter avec l'adresse e-mail de votre compte.",
    },
  },
  'sign-in-not-allowed': {
    en: {
      message: 'Your account is good, but it does not open this gateway ({reason}).',
      remedy: 'Ask an administrator which groups or addresses are let in.',
    },
    fr: {
      message: "Votre compte est valable, mais n'ouvre pas cette passerelle ({reason}).",
      remedy: "Demandez à l'administrateur quels groupes ou quelles adresses y entrent.",
    },
  },
  'token-malformed': {
    en: {
      message: 'This is no token that can be read, or it is larger than {limit} bytes.',
      remedy: 'Send the token as its issuer gave it: three parts, separated by dots.',
    },
    fr: {
      message: "Ce n'est pas un jeton lisible, ou il dépasse {limit} octets.",
      remedy:
        "Envoyez le jeton tel que son émetteur l'a donné : trois parties séparées par des points.",
    },
  },
  'token-untrusted': {
    en: {
      message: 'This token is not believed here ({reason}).',
      remedy:
        'Ask for one of an issuer, an audience and an algorithm that `jwt` in ecluse.yaml names.',
    },
    fr: {
      message: "Ce jeton n'est pas reconnu ici ({reason}).",
      remedy:
        "Demandez-en un dont l'émetteur, l'audience et l'algorithme figurent sous `jwt` dans ecluse.yaml.",
    },
  },
  'token-expired': {
    en: {
      message: 'This token has expired, or is too old.',
      remedy: 'Ask its issuer for a new one.',
    },
    fr: {
      message: 'Ce jeton a expiré, ou est trop ancien.',
      remedy: 'Demandez-en un nouveau à son émetteur.',
    },
  },
  'token-early': {
    en: { message: 'This token is not valid yet.', remedy: 'Wait, or compare the clocks.' },
    fr: {
      message: "Ce jeton n'est pas encore valable.",
      remedy: 'Attendez, ou comparez les horloges.',
    },
  },
  'token-unmapped': {
    en: {
      message: 'This token is good, but stands for nobody here ({reason}).',
      remedy: 'An administrator must add the application or person that it names, or change `jwt`.',
    },
    fr: {
      message: 'Ce jeton est valable, mais ne désigne personne ici ({reason}).',
      remedy:
        "L'administrateur doit ajouter l'application ou la personne qu'il nomme, ou modifier `jwt`.",
    },
  },
  'token-keys-unavailable': {
    en: {
      message: 'The keys of the issuer of this token cannot be had at the moment.',
      remedy: 'Try again in a moment.',
    },
    fr: {
      message: "Les clés de l'émetteur de ce jeton sont inaccessibles pour le moment.",
      remedy: 'Réessayez dans un instant.',
    },
  },
} as const satisfies Partial<Record<RefusalCode, Readonly<Record<Language, Wording>>>>
