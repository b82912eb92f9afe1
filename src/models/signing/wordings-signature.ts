import type { SigningWordings } from './describe.ts'

/** What can be said of a signature, and of who made it. */
export const SIGNATURE_WORDINGS = {
  'bundle-missing': {
    en: {
      message: 'There is no signature at {path}.',
      remedy: 'Give its place with --bundle; it is usually `model.sig` in the folder of the model.',
    },
    fr: {
      message: "Il n'y a pas de signature à {path}.",
      remedy: "Indiquez-la avec --bundle ; c'est en général `model.sig` dans le dossier du modèle.",
    },
  },
  'bundle-too-large': {
    en: {
      message: 'The signature is larger than {most} bytes.',
      remedy: 'No signature of a model is: look at what this file is.',
    },
    fr: {
      message: 'La signature dépasse {most} octets.',
      remedy: "Aucune signature de modèle n'est si grande : regardez ce qu'est ce fichier.",
    },
  },
  'bundle-malformed': {
    en: {
      message: 'The signature cannot be read (at `{at}`).',
      remedy: 'It is cut, or not a Sigstore bundle: fetch it again from its publisher.',
    },
    fr: {
      message: 'La signature est illisible (à `{at}`).',
      remedy:
        "Elle est tronquée, ou n'est pas un bundle Sigstore : récupérez-la à nouveau chez son auteur.",
    },
  },
  'bundle-unsupported': {
    en: {
      message: 'The signature is of another kind: {type}.',
      remedy: 'Model signatures are Sigstore bundles v0.3; ask its publisher to sign again.',
    },
    fr: {
      message: "La signature est d'une autre sorte : {type}.",
      remedy:
        "Les signatures de modèles sont des bundles Sigstore v0.3 ; demandez à l'auteur de signer à nouveau.",
    },
  },
  'no-signature': {
    en: {
      message: 'The bundle holds no signature.',
      remedy: 'Do not use the model; fetch the signature again from its publisher.',
    },
    fr: {
      message: 'Le bundle ne contient aucune signature.',
      remedy: "N'utilisez pas le modèle ; récupérez la signature chez son auteur.",
    },
  },
  'method-mismatch': {
    en: {
      message: 'This signature was made with the method `{found}`, not `{method}`.',
      remedy: 'Verify with --method {found}, and with what you trust for that method.',
    },
    fr: {
      message: 'Cette signature a été faite par la méthode `{found}`, et non `{method}`.',
      remedy: 'Vérifiez avec --method {found}, et avec ce à quoi vous vous fiez pour elle.',
    },
  },
  'signature-invalid': {
    en: {
      message: 'The signature does not hold: what it covers was changed, or another key made it.',
      remedy: 'Do not use the model; fetch model and signature again from their publisher.',
    },
    fr: {
      message:
        "La signature ne tient pas : ce qu'elle couvre a été modifié, ou une autre clé l'a faite.",
      remedy: "N'utilisez pas le modèle ; récupérez modèle et signature chez leur auteur.",
    },
  },
  'key-mismatch': {
    en: {
      message: 'Another key signed: {hint}; the one given is {fingerprint}.',
      remedy: 'Verify with the key of the publisher, received by a way you trust.',
    },
    fr: {
      message: 'Une autre clé a signé : {hint} ; celle donnée est {fingerprint}.',
      remedy: "Vérifiez avec la clé de l'auteur, reçue par une voie sûre.",
    },
  },
  'statement-malformed': {
    en: {
      message: 'What was signed is not a list of files that can be read (at `{at}`).',
      remedy: 'It was not made by a signer of models: ask its publisher.',
    },
    fr: {
      message: "Ce qui est signé n'est pas une liste de fichiers lisible (à `{at}`).",
      remedy: "Cela ne vient pas d'un outil de signature de modèles : demandez à l'auteur.",
    },
  },
  'statement-unsupported': {
    en: {
      message: 'What was signed is of another kind: {type}.',
      remedy:
        'OpenSSF Model Signing v1.0 is accepted: ask its publisher to sign again. A signature of version 0.2 (`Digests/v0.1`) counts with --allow-v02.',
    },
    fr: {
      message: "Ce qui est signé est d'une autre sorte : {type}.",
      remedy:
        "OpenSSF Model Signing v1.0 est accepté : demandez à l'auteur de signer à nouveau. Une signature de la version 0.2 (`Digests/v0.1`) compte avec --allow-v02.",
    },
  },
  'manifest-inconsistent': {
    en: {
      message: 'The signed list of files contradicts its own digest.',
      remedy: 'Do not use the model; tell its publisher.',
    },
    fr: {
      message: 'La liste signée contredit sa propre empreinte.',
      remedy: "N'utilisez pas le modèle ; prévenez son auteur.",
    },
  },
  'algorithm-unsupported': {
    en: {
      message: 'The digests are of a kind that is not known here: {algorithm}.',
      remedy: 'SHA-256 and BLAKE2b are; ask its publisher to sign with SHA-256.',
    },
    fr: {
      message: "Les empreintes sont d'une sorte inconnue ici : {algorithm}.",
      remedy: "SHA-256 et BLAKE2b sont connus ; demandez à l'auteur de signer avec SHA-256.",
    },
  },
  'certificate-malformed': {
    en: {
      message: 'A certificate cannot be read.',
      remedy: 'Give PEM certificates; those of a signature come from its publisher.',
    },
    fr: {
      message: 'Un certificat est illisible.',
      remedy: "Donnez des certificats PEM ; ceux d'une signature viennent de son auteur.",
    },
  },
  'certificate-untrusted': {
    en: {
      message: 'No trusted root vouches for the certificate that signed.',
      remedy: "Give the publisher's root with --cert-chain, if you trust it.",
    },
    fr: {
      message: 'Aucune racine de confiance ne répond du certificat qui a signé.',
      remedy: "Donnez la racine de l'auteur avec --cert-chain, si vous vous y fiez.",
    },
  },
  'certificate-expired': {
    en: {
      message: 'The certificate {subject} ended on {until} (this clock says {clock}).',
      remedy: 'Ask its publisher to sign again with a valid certificate, or set the clock right.',
    },
    fr: {
      message: 'Le certificat {subject} a pris fin le {until} (cette horloge dit {clock}).',
      remedy: "Demandez à l'auteur de signer avec un certificat valable, ou réglez l'horloge.",
    },
  },
  'certificate-early': {
    en: {
      message: 'The certificate {subject} begins on {from} (this clock says {clock}).',
      remedy: 'Look at the clock of this machine first.',
    },
    fr: {
      message: 'Le certificat {subject} commence le {from} (cette horloge dit {clock}).',
      remedy: "Regardez d'abord l'horloge de cette machine.",
    },
  },
  'certificate-unusable': {
    en: {
      message: 'The certificate may not sign: code signing is not among its uses.',
      remedy: 'Sign with a certificate made for it.',
    },
    fr: {
      message:
        'Le certificat ne permet pas de signer : la signature de code n’est pas parmi ses usages.',
      remedy: 'Signez avec un certificat fait pour cela.',
    },
  },
  'sigstore-untrusted': {
    en: {
      message: 'The keyless signature does not hold against the pinned trust root ({reason}).',
      remedy:
        'Do not use the model; where the signer has a Sigstore of their own, give its root with --trust-root.',
    },
    fr: {
      message:
        'La signature sans clé ne tient pas face à la racine de confiance épinglée ({reason}).',
      remedy:
        "N'utilisez pas le modèle ; si le signataire a son propre Sigstore, donnez sa racine avec --trust-root.",
    },
  },
  'identity-not-allowed': {
    en: {
      message:
        'The model was signed by `{identity}` (issuer `{issuer}`), who is not among those allowed.',
      remedy:
        'If you trust this signer, allow them: --identity (exact) or --identity-pattern, and --identity-provider.',
    },
    fr: {
      message:
        "Le modèle a été signé par `{identity}` (émetteur `{issuer}`), qui n'est pas parmi les permis.",
      remedy:
        'Si vous vous fiez à ce signataire, permettez-le : --identity (exact) ou --identity-pattern, et --identity-provider.',
    },
  },
} as const satisfies Partial<SigningWordings>
