import type { Language } from '#kernel/refusal-messages.ts'

/** Why a database cannot be opened. `missing` and `older` only come up when opening to read. */
export interface StoreProblem {
  readonly code:
    | ('missing' | 'foreign' | 'newer' | 'older' | 'busy' | 'unreadable')
    /** A copy into it was begun and not finished; something is there already, where nothing should be. */
    | ('unfinished' | 'not-empty')
    /** Of a server alone. */
    | ('unreachable' | 'forbidden' | 'read-only' | 'untrusted' | 'unencrypted')
  /** Of the file, or the address of the server without a name or password. */
  readonly path: string
  /** Versions for newer and older, the system's own words for the rest. */
  readonly found: string
}

const WORDINGS: Record<StoreProblem['code'], Record<Language, string>> = {
  missing: {
    en: 'There is no database at {path}. Start the gateway once with `ecluse serve`.',
    fr: "Il n'y a pas de base à {path}. Lancez une fois la passerelle avec `ecluse serve`.",
  },
  foreign: {
    en: '{path} is a database of another program. Choose another directory with ECLUSE_HOME.',
    fr: "{path} est la base d'un autre programme. Choisissez un autre dossier avec ECLUSE_HOME.",
  },
  newer: {
    en: '{path} was written by a newer version ({found}). Install that version; nothing was changed.',
    fr: '{path} a été écrite par une version plus récente ({found}). Installez-la ; rien n’a été modifié.',
  },
  older: {
    en: '{path} was written by an older version ({found}). Run `ecluse serve` once to bring it up to date.',
    fr: '{path} a été écrite par une version plus ancienne ({found}). Lancez `ecluse serve` une fois pour la mettre à jour.',
  },
  busy: {
    en: '{path} is in use by another process. Stop it, or go through the running gateway.',
    fr: '{path} est utilisée par un autre processus. Arrêtez-le, ou passez par la passerelle en marche.',
  },
  unreadable: {
    en: '{path} cannot be opened ({found}). Check the disk and the permissions, then restore a backup if needed.',
    fr: "{path} ne s'ouvre pas ({found}). Vérifiez le disque et les droits, puis restaurez une sauvegarde s'il le faut.",
  },
  unfinished: {
    en: 'A copy into {path} was not finished. Repeat the command that began it, or remove what is there.',
    fr: "Une copie vers {path} n'est pas terminée. Répétez la commande qui l'a commencée, ou retirez ce qui s'y trouve.",
  },
  'not-empty': {
    en: 'There is something at {path} already; nothing was changed. Choose an empty place.',
    fr: "Il y a déjà quelque chose à {path} ; rien n'a été modifié. Choisissez un endroit vide.",
  },
  unreachable: {
    en: 'The database {path} does not answer ({found}). Check the address, the network and that the server runs.',
    fr: "La base {path} ne répond pas ({found}). Vérifiez l'adresse, le réseau, et que le serveur tourne.",
  },
  forbidden: {
    en: 'The database {path} refuses this user ({found}). Check the name, the password, and the right to create a schema.',
    fr: 'La base {path} refuse cet utilisateur ({found}). Vérifiez le nom, le mot de passe et le droit de créer un schéma.',
  },
  untrusted: {
    en: "The certificate of the database {path} is not accepted ({found}). Name the file of its authority in `database.tls.ca`, and call the server by the certificate's name.",
    fr: "Le certificat de la base {path} n'est pas accepté ({found}). Donnez le fichier de son autorité dans `database.tls.ca`, et appelez le serveur par le nom du certificat.",
  },
  unencrypted: {
    en: 'The database {path} does not encrypt. Switch TLS on at the server; on a network that nobody else reaches, add `?sslmode=disable` to the address.',
    fr: "La base {path} ne chiffre pas. Activez TLS sur le serveur ; sur un réseau que personne d'autre n'atteint, ajoutez `?sslmode=disable` à l'adresse.",
  },
  'read-only': {
    en: 'The database {path} can only be read ({found}): it is a standby or was set so. Connect to the primary server.',
    fr: "La base {path} n'est accessible qu'en lecture ({found}) : c'est un secondaire, ou elle est réglée ainsi. Connectez-vous au serveur primaire.",
  },
}

/** The problem in words, with what to do about it. */
export const describeStoreProblem = (problem: StoreProblem, language: Language): string =>
  WORDINGS[problem.code][language]
    .replaceAll('{path}', problem.path)
    .replaceAll('{found}', problem.found)
