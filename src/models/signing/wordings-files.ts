import type { SigningWordings } from './describe.ts'

/** What can be said of the files of a model, and of what was given to sign or verify with. */
export const FILES_WORDINGS = {
  'files-differ': {
    en: {
      message:
        'The model is not as it was signed: {changed} changed, {missing} missing, {added} added, {renamed} renamed.',
      remedy:
        'Do not use it; fetch it again from its publisher. Files known to be harmless: --ignore-paths, each by name.',
    },
    fr: {
      message:
        "Le modèle n'est pas tel qu'il fut signé : {changed} changés, {missing} manquants, {added} ajoutés, {renamed} renommés.",
      remedy:
        "Ne l'utilisez pas ; récupérez-le chez son auteur. Fichiers connus pour anodins : --ignore-paths, un par un.",
    },
  },
  'model-missing': {
    en: {
      message: 'There is no model at {path}.',
      remedy:
        'Give the path of a folder or of a file, or the name of a stored model (`ecluse ls`).',
    },
    fr: {
      message: "Il n'y a pas de modèle à {path}.",
      remedy:
        "Donnez le chemin d'un dossier ou d'un fichier, ou le nom d'un modèle en réserve (`ecluse ls`).",
    },
  },
  'model-empty': {
    en: {
      message: 'There is nothing to sign: no file is left once ignored paths are left out.',
      remedy: 'Look at the path and at --ignore-paths.',
    },
    fr: {
      message: "Il n'y a rien à signer : aucun fichier ne reste hors des chemins ignorés.",
      remedy: 'Regardez le chemin et --ignore-paths.',
    },
  },
  'too-many-files': {
    en: {
      message: 'The model has more than {most} files and folders.',
      remedy: 'Look at the path: no model has as many.',
    },
    fr: {
      message: 'Le modèle compte plus de {most} fichiers et dossiers.',
      remedy: "Regardez le chemin : aucun modèle n'en a autant.",
    },
  },
  'name-not-utf8': {
    en: {
      message: 'A name in the folder {name} is not UTF-8, so that it could stand for another one.',
      remedy: 'Rename the file.',
    },
    fr: {
      message: "Un nom du dossier {name} n'est pas en UTF-8 : il pourrait en désigner un autre.",
      remedy: 'Renommez le fichier.',
    },
  },
  symlink: {
    en: {
      message: '{name} is a symbolic link.',
      remedy:
        'Replace it by the file itself; links within the model can be signed with --allow-symlinks.',
    },
    fr: {
      message: '{name} est un lien symbolique.',
      remedy:
        'Remplacez-le par le fichier ; les liens internes au modèle peuvent être signés avec --allow-symlinks.',
    },
  },
  'symlink-outside': {
    en: {
      message: '{name} is a link that leads out of the model, or to nothing.',
      remedy: 'Replace it by the file itself.',
    },
    fr: {
      message: '{name} est un lien qui mène hors du modèle, ou à rien.',
      remedy: 'Remplacez-le par le fichier lui-même.',
    },
  },
  'symlink-cycle': {
    en: { message: '{name} is a link that leads back to itself.', remedy: 'Remove it.' },
    fr: { message: '{name} est un lien qui revient sur lui-même.', remedy: 'Retirez-le.' },
  },
  'not-a-regular-file': {
    en: {
      message: '{name} is not a regular file (a pipe, a device, a socket, a folder in its place).',
      remedy: 'Remove it, or leave it out with --ignore-paths.',
    },
    fr: {
      message:
        "{name} n'est pas un fichier ordinaire (tube, périphérique, socket, dossier à sa place).",
      remedy: 'Retirez-le, ou écartez-le avec --ignore-paths.',
    },
  },
  'unreadable-file': {
    en: { message: '{name} cannot be read.', remedy: 'Look at its permissions and at the disk.' },
    fr: { message: '{name} ne peut être lu.', remedy: 'Regardez ses droits et le disque.' },
  },
  'changed-while-read': {
    en: {
      message: '{name} changed while it was read.',
      remedy: 'Stop what writes there, then start again.',
    },
    fr: {
      message: '{name} a changé pendant la lecture.',
      remedy: 'Arrêtez ce qui écrit là, puis relancez.',
    },
  },
  'key-unreadable': {
    en: {
      message: 'The key cannot be read.',
      remedy: 'Give a PEM file: a private key to sign, a public key to verify.',
    },
    fr: {
      message: 'La clé est illisible.',
      remedy: 'Donnez un fichier PEM : clé privée pour signer, clé publique pour vérifier.',
    },
  },
  'key-encrypted': {
    en: {
      message: 'The private key is under a pass phrase.',
      remedy: 'Take it off for the time of signing: `openssl pkey -in KEY -out OPEN`.',
    },
    fr: {
      message: 'La clé privée est protégée par une phrase de passe.',
      remedy: 'Ôtez-la le temps de signer : `openssl pkey -in CLÉ -out OUVERTE`.',
    },
  },
  'key-unsupported': {
    en: {
      message: 'A key of this kind does not sign models: {kind}.',
      remedy: 'Use an elliptic key: P-256, P-384 or P-521.',
    },
    fr: {
      message: 'Une clé de cette sorte ne signe pas de modèles : {kind}.',
      remedy: 'Utilisez une clé elliptique : P-256, P-384 ou P-521.',
    },
  },
  'key-not-of-certificate': {
    en: {
      message: 'The private key is not that of the certificate.',
      remedy: 'Give the two that belong together.',
    },
    fr: {
      message: "La clé privée n'est pas celle du certificat.",
      remedy: 'Donnez les deux qui vont ensemble.',
    },
  },
  'trust-root-unreadable': {
    en: {
      message: 'The trust root cannot be read.',
      remedy: 'Give a `trusted_root.json` of Sigstore.',
    },
    fr: {
      message: 'La racine de confiance est illisible.',
      remedy: 'Donnez un `trusted_root.json` de Sigstore.',
    },
  },
  'no-trust-anchor': {
    en: {
      message: 'None of the certificates given is a root (self-signed).',
      remedy: 'Give the root with --cert-chain.',
    },
    fr: {
      message: "Aucun des certificats donnés n'est une racine (autosignée).",
      remedy: 'Donnez la racine avec --cert-chain.',
    },
  },
  'sigstore-signing': {
    en: {
      message: 'Signing without a key needs online services, and this program calls none.',
      remedy:
        'Sign with --method key or certificate; keyless signatures of others are verified offline.',
    },
    fr: {
      message: "Signer sans clé demande des services en ligne, et ce programme n'en appelle aucun.",
      remedy:
        "Signez avec --method key ou certificate ; les signatures sans clé d'autrui se vérifient hors ligne.",
    },
  },
  'output-unwritable': {
    en: {
      message: 'The signature cannot be written to {path}.',
      remedy: 'Look at the folder and its permissions.',
    },
    fr: {
      message: 'La signature ne peut être écrite dans {path}.',
      remedy: 'Regardez le dossier et ses droits.',
    },
  },
  interrupted: {
    en: { message: 'It was interrupted; nothing was written.', remedy: 'Start again.' },
    fr: { message: "L'opération a été interrompue ; rien n'a été écrit.", remedy: 'Relancez.' },
  },
} as const satisfies Partial<SigningWordings>
