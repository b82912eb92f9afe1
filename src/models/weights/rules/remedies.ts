/** What to do about a finding; shared by the rules that ask for the same thing. */
export const REMEDIES = {
  discard: {
    en: 'Do not load it. Remove it, and get the model again from its publisher, pinned by digest.',
    fr: 'Ne le chargez pas. Supprimez-le et reprenez le modèle chez son éditeur, fixé par empreinte.',
  },
  'fetch-again': {
    en: 'The file is damaged or cut short: fetch it again and compare its digest.',
    fr: 'Le fichier est abîmé ou tronqué : téléchargez-le à nouveau et comparez son empreinte.',
  },
  convert: {
    en: 'Use the safetensors or GGUF edition of this model; this one needs a signed exception.',
    fr: "Prenez l'édition safetensors ou GGUF de ce modèle ; celle-ci demande une exception signée.",
  },
  review: {
    en: 'Have the code named here read by someone who knows it; loading it needs a signed exception.',
    fr: "Faites relire le code nommé ici par quelqu'un qui le connaît ; le charger demande une exception signée.",
  },
  template: {
    en: "Compare the template with the publisher's own (`--base`); replace it by that one where they differ.",
    fr: "Comparez le gabarit à celui de l'éditeur (`--base`) ; remplacez-le par celui-là s'ils diffèrent.",
  },
  unpack: {
    en: 'Unpack it with a tool you trust and scan the folder.',
    fr: 'Décompactez-le avec un outil de confiance et analysez le dossier.',
  },
  limits: {
    en: 'Scan again with larger limits (`--budget 4`), or use the safetensors or GGUF edition.',
    fr: "Analysez à nouveau avec des limites plus larges (`--budget 4`), ou prenez l'édition safetensors ou GGUF.",
  },
  'tell-what': {
    en: 'Remove it from the folder if no program needs it; otherwise find out what it is.',
    fr: "Retirez-le du dossier si aucun programme n'en a besoin ; sinon, cherchez ce que c'est.",
  },
  complete: {
    en: 'Fetch the missing files from the same revision, and scan the whole folder.',
    fr: 'Téléchargez les fichiers manquants de la même révision, et analysez le dossier entier.',
  },
  know: {
    en: 'Nothing needs to be done; know that it is there.',
    fr: "Rien n'est à faire ; sachez que c'est là.",
  },
} as const

export type RemedyId = keyof typeof REMEDIES
