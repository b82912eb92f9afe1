import type { Language } from '#kernel/refusal-messages.ts'
import type { PullCode } from './pull-failure.ts'

export interface Wording {
  readonly message: string
  readonly remedy: string
  /** The remedy at a mirror of the Hub, which is given no token but the one that is named for it. */
  readonly mirrorRemedy?: string
}

/** What the places that models come from answer, and what to do about it. */
export const PLACE_WORDINGS = {
  'leads-inward': {
    en: {
      message:
        'The source {source} led to an address inside your own networks; it was not followed.',
      remedy: 'A place of the world has no business there: do not trust it.',
    },
    fr: {
      message:
        "La source {source} menait à une adresse de vos propres réseaux ; elle n'a pas été suivie.",
      remedy: "Un lieu du monde n'a rien à y faire : ne lui faites pas confiance.",
    },
  },
  'source-unreachable': {
    en: {
      message: 'The source {source} did not answer, or broke off.',
      remedy: 'Check the network or the proxy, then pull again: it resumes where it stopped.',
    },
    fr: {
      message: "La source {source} n'a pas répondu, ou s'est interrompue.",
      remedy:
        "Vérifiez le réseau ou le proxy, puis relancez : le téléchargement reprend où il s'est arrêté.",
    },
  },
  'source-refused': {
    en: {
      message: 'The source {source} refused (HTTP {status}).',
      remedy: 'Check that the file is still published there.',
    },
    fr: {
      message: 'La source {source} a refusé (HTTP {status}).',
      remedy: 'Vérifiez que le fichier y est toujours publié.',
    },
  },
  'source-malformed': {
    en: {
      message: 'What {source} answered is not what such a place answers.',
      remedy: 'Check the address and the name; if both are right, do not trust it.',
    },
    fr: {
      message: "Ce que {source} a répondu n'est pas ce que répond un tel endroit.",
      remedy: "Vérifiez l'adresse et le nom ; s'ils sont justes, ne lui faites pas confiance.",
    },
  },
  'source-busy': {
    en: {
      message: 'The source {source} limits how much it is asked (HTTP 429).',
      remedy: 'Pull again in {seconds} s: it resumes. With a token, the limits are often higher.',
    },
    fr: {
      message: 'La source {source} limite les demandes (HTTP 429).',
      remedy:
        'Relancez dans {seconds} s : le téléchargement reprend. Avec un jeton, les limites sont souvent plus hautes.',
    },
  },
  'source-disagrees': {
    en: {
      message: 'The source {source} announces another file than its own list of files states.',
      remedy: 'Pull again; if it stays so, do not trust it.',
    },
    fr: {
      message: 'La source {source} annonce un autre fichier que celui de sa propre liste.',
      remedy: 'Relancez ; si cela persiste, ne lui faites pas confiance.',
    },
  },
  'digest-not-stated': {
    en: {
      message: 'The source {source} states no SHA-256 for {file}, so that nobody could verify it.',
      remedy: 'Pull another file of it (:FILE), or give the digest: --from URL --digest sha256:….',
    },
    fr: {
      message:
        'La source {source} ne donne pas de SHA-256 pour {file} : personne ne pourrait le vérifier.',
      remedy:
        "Récupérez-en un autre fichier (:FICHIER), ou donnez l'empreinte : --from URL --digest sha256:….",
    },
  },
  'repository-gated': {
    en: {
      message: '{repository} is gated: its publisher gives access person by person.',
      remedy:
        'Accept its conditions at {page}, then give a token of that account: HF_TOKEN, or `models: {hub_token: "${env:NAME}"}`.',
      mirrorRemedy:
        'Have its conditions accepted for the mirror, then give the token that the mirror asks for: `models: {hub_token: "${env:NAME}"}`. HF_TOKEN is for the Hub itself, and no mirror is given it.',
    },
    fr: {
      message: "{repository} est à accès contrôlé : son éditeur l'accorde personne par personne.",
      remedy:
        'Acceptez ses conditions sur {page}, puis donnez un jeton de ce compte : HF_TOKEN, ou `models: {hub_token: "${env:NOM}"}`.',
      mirrorRemedy:
        'Faites accepter ses conditions pour le miroir, puis donnez le jeton que le miroir demande : `models: {hub_token: "${env:NOM}"}`. HF_TOKEN est pour le Hub lui-même, aucun miroir ne le reçoit.',
    },
  },
  'repository-not-granted': {
    en: {
      message: '{repository} is gated, and the token in use has no access to it.',
      remedy:
        'Ask for it at {page} with the account of the token; a fine-grained token must also be allowed to read gated repositories.',
    },
    fr: {
      message: "{repository} est à accès contrôlé, et le jeton employé n'y a pas accès.",
      remedy:
        'Demandez-le sur {page} avec le compte du jeton ; un jeton à droits fins doit aussi pouvoir lire les dépôts à accès contrôlé.',
    },
  },
  'repository-not-found': {
    en: {
      message: 'There is no repository {repository}, or it is private.',
      remedy: 'Check its name; a private one needs a token: HF_TOKEN, or `models: {hub_token: …}`.',
      mirrorRemedy:
        'Check its name, and that the mirror has it; a private one needs the token of the mirror: `models: {hub_token: …}`. HF_TOKEN is for the Hub itself, and no mirror is given it.',
    },
    fr: {
      message: "Il n'y a pas de dépôt {repository}, ou il est privé.",
      remedy:
        'Vérifiez son nom ; un dépôt privé veut un jeton : HF_TOKEN, ou `models: {hub_token: …}`.',
      mirrorRemedy:
        "Vérifiez son nom, et que le miroir l'a ; un dépôt privé veut le jeton du miroir : `models: {hub_token: …}`. HF_TOKEN est pour le Hub lui-même, aucun miroir ne le reçoit.",
    },
  },
  'repository-not-visible': {
    en: {
      message: 'There is no repository {repository}, or the token in use may not see it.',
      remedy: 'Check its name, and that the token is of a member with the right to read it.',
    },
    fr: {
      message: "Il n'y a pas de dépôt {repository}, ou le jeton employé ne peut pas le voir.",
      remedy: "Vérifiez son nom, et que le jeton est d'un membre qui a le droit de le lire.",
    },
  },
  'revision-not-found': {
    en: {
      message: '{repository} has no revision {revision}.',
      remedy: 'Check the branch, tag or commit after the @.',
    },
    fr: {
      message: "{repository} n'a pas de révision {revision}.",
      remedy: "Vérifiez la branche, l'étiquette ou le commit après le @.",
    },
  },
  'entry-not-found': {
    en: {
      message: '{repository} has no file {file} at that revision.',
      remedy: 'Check its path, with its folder and in the same case.',
    },
    fr: {
      message: "{repository} n'a pas de fichier {file} à cette révision.",
      remedy: 'Vérifiez son chemin, avec son dossier et la même casse.',
    },
  },
  'token-refused': {
    en: {
      message: 'The token in use is not valid (any more) there.',
      remedy:
        'Make a new one at the account it belongs to, and put it where the old one is: `models: {hub_token: …}`, HF_TOKEN, or the token file.',
      mirrorRemedy:
        'Make a new one where the mirror has its accounts, and put it where the old one is: `models: {hub_token: …}`.',
    },
    fr: {
      message: "Le jeton employé n'y est pas (ou plus) valable.",
      remedy:
        "Créez-en un nouveau dans le compte auquel il appartient, et mettez-le à la place de l'ancien : `models: {hub_token: …}`, HF_TOKEN, ou le fichier du jeton.",
      mirrorRemedy:
        "Créez-en un nouveau là où le miroir a ses comptes, et mettez-le à la place de l'ancien : `models: {hub_token: …}`.",
    },
  },
} as const satisfies Partial<Record<PullCode, Readonly<Record<Language, Wording>>>>
