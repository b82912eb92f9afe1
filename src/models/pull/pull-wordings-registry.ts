import type { Language } from '#kernel/refusal-messages.ts'
import type { PullCode } from './pull-failure.ts'
import type { Wording } from './pull-wordings-place.ts'

/** What registries and archives are refused for, and what to do about it. */
export const REGISTRY_WORDINGS = {
  'artefact-not-found': {
    en: {
      message: '{source} has nothing under {reference}.',
      remedy: 'Check the name and the tag; tags are written after a colon.',
    },
    fr: {
      message: "{source} n'a rien sous {reference}.",
      remedy: "Vérifiez le nom et l'étiquette, qui s'écrit après deux-points.",
    },
  },
  'login-needed': {
    en: {
      message: 'There is no artefact {source}, or it is private.',
      remedy:
        'Check its name; for a private one log in with `docker login` or `podman login`, or name a file with the login: `models: {registry_logins: FILE}`.',
    },
    fr: {
      message: "Il n'y a pas d'artefact {source}, ou il est privé.",
      remedy:
        "Vérifiez son nom ; pour un artefact privé, connectez-vous avec `docker login` ou `podman login`, ou indiquez un fichier d'identifiants : `models: {registry_logins: FICHIER}`.",
    },
  },
  'login-refused': {
    en: {
      message: 'The registry does not let the login in use read {source}.',
      remedy: 'Check that the login is still valid, and that it may read this artefact.',
    },
    fr: {
      message: "Le registre ne laisse pas l'identifiant employé lire {source}.",
      remedy: "Vérifiez que l'identifiant est encore valable, et qu'il peut lire cet artefact.",
    },
  },
  'login-in-helper': {
    en: {
      message: 'The login for {source} is kept by another program, which is not run from here.',
      remedy:
        'Put user and token into a file of their own, as `docker login` without a credential store writes it, and name it: `models: {registry_logins: FILE}`.',
    },
    fr: {
      message:
        "L'identifiant pour {source} est gardé par un autre programme, qui n'est pas lancé d'ici.",
      remedy:
        "Mettez utilisateur et jeton dans un fichier à part, comme l'écrit `docker login` sans magasin d'identifiants, et indiquez-le : `models: {registry_logins: FICHIER}`.",
    },
  },
  'index-ambiguous': {
    en: {
      message: '{source} stands for several artefacts, none of them plainly for this machine.',
      remedy: 'Choose one by its digest, NAME@sha256:…: {choices}.',
    },
    fr: {
      message:
        "{source} désigne plusieurs artefacts, dont aucun n'est clairement pour cette machine.",
      remedy: 'Choisissez-en un par son empreinte, NOM@sha256:… : {choices}.',
    },
  },
  'not-a-model': {
    en: {
      message: 'This artefact holds no files of a model ({type}).',
      remedy:
        'Container images are not taken apart; have the model published as ModelPack, KitOps ModelKit or Docker model.',
    },
    fr: {
      message: "Cet artefact ne contient pas de fichiers d'un modèle ({type}).",
      remedy:
        'Les images de conteneurs ne sont pas démontées ; faites publier le modèle en ModelPack, ModelKit de KitOps ou modèle Docker.',
    },
  },
  'layer-unsupported': {
    en: {
      message: 'A layer of this artefact is packed in a way that is not read here ({type}).',
      remedy: 'Have it published as plain files, or as tar, with gzip or zstd where wanted.',
    },
    fr: {
      message:
        "Une couche de cet artefact est empaquetée d'une façon qui n'est pas lue ici ({type}).",
      remedy: 'Faites-le publier en fichiers simples, ou en tar, avec gzip ou zstd au besoin.',
    },
  },
  'archive-refused': {
    en: {
      message: 'An archive with the files of the model is refused: {reason}.',
      remedy:
        'It must hold regular files under plain names, each once, and not grow beyond measure; do not use this source until its publisher explains.',
    },
    fr: {
      message: 'Une archive des fichiers du modèle est refusée : {reason}.',
      remedy:
        "Elle doit contenir des fichiers ordinaires aux noms simples, chacun une fois, sans grossir démesurément ; n'utilisez pas cette source avant que son éditeur s'explique.",
    },
  },
  'names-clash': {
    en: {
      message: 'Two files of the model have names that some systems take for one ({file}).',
      remedy: 'Have one of them renamed where it is published.',
    },
    fr: {
      message: 'Deux fichiers du modèle ont des noms que certains systèmes confondent ({file}).',
      remedy: "Faites renommer l'un d'eux là où il est publié.",
    },
  },
  'name-mixes-scripts': {
    en: {
      message: 'A file of the model has letters of several alphabets within one word ({file}).',
      remedy:
        'Such letters look alike, and the name may be made to be taken for another. Have it renamed where it is published; words of one alphabet each are fine.',
    },
    fr: {
      message:
        "Un fichier du modèle a des lettres de plusieurs alphabets au sein d'un même mot ({file}).",
      remedy:
        'De telles lettres se ressemblent, et le nom peut vouloir se faire passer pour un autre. Faites-le renommer là où il est publié ; des mots d’un seul alphabet chacun conviennent.',
    },
  },
  'shards-missing': {
    en: {
      message: 'The weights are cut into several files, and some are missing: {missing}.',
      remedy: 'Have them all in one place; without every one of them the others are of no use.',
    },
    fr: {
      message: 'Les poids sont découpés en plusieurs fichiers, et il en manque : {missing}.',
      remedy:
        'Réunissez-les tous au même endroit ; sans chacun d’eux, les autres ne servent à rien.',
    },
  },
  'shards-disagree': {
    en: {
      message: 'By its header {file} is another part of the weights than by its name.',
      remedy: 'Fetch it again; a part that was renamed must get its own name back.',
    },
    fr: {
      message: "D'après son en-tête, {file} est une autre partie des poids que d'après son nom.",
      remedy: 'Récupérez-le à nouveau ; une partie renommée doit retrouver son nom.',
    },
  },
  'shards-apart': {
    en: {
      message: 'This file is one part of weights that were cut into several.',
      remedy:
        'Pull them together: hf:OWNER/NAME:FILE with the first, --from with the first in its folder, or folder:PATH.',
    },
    fr: {
      message: 'Ce fichier est une partie de poids découpés en plusieurs.',
      remedy:
        'Récupérez-les ensemble : hf:OWNER/NOM:FICHIER avec le premier, --from avec le premier dans son dossier, ou folder:CHEMIN.',
    },
  },
} as const satisfies Partial<Record<PullCode, Readonly<Record<Language, Wording>>>>
