import type { Language } from '#kernel/refusal-messages.ts'
import type { ConfigProblemCode } from './problems.ts'

interface Wording {
  /** What is wrong. */
  readonly message: string
  /** What to do about it. */
  readonly remedy: string
}

type Bilingual = Readonly<Record<Language, Wording>>

const say = (en: readonly [string, string], fr: readonly [string, string]): Bilingual => ({
  en: { message: en[0], remedy: en[1] },
  fr: { message: fr[0], remedy: fr[1] },
})

/** What each code says; `{name}` is filled from the detail of the problem. */
export const WORDS: Readonly<Record<ConfigProblemCode, Bilingual>> = {
  'file-missing': say(
    ['The configuration file does not exist.', 'Check the path, or write one with `ecluse init`.'],
    [
      "Le fichier de configuration n'existe pas.",
      'Vérifiez le chemin, ou écrivez-en un avec `ecluse init`.',
    ],
  ),
  'file-unreadable': say(
    ['The configuration file cannot be read.', 'Check its permissions and that it is a file.'],
    [
      'Le fichier de configuration est illisible.',
      "Vérifiez ses permissions, et que c'est bien un fichier.",
    ],
  ),
  'file-too-large': say(
    ['The configuration file is larger than {limit} bytes.', 'Check that it is the right file.'],
    [
      'Le fichier de configuration dépasse {limit} octets.',
      "Vérifiez que c'est bien le bon fichier.",
    ],
  ),
  'invalid-utf8': say(
    ['The file is not valid UTF-8.', 'Save it in UTF-8.'],
    ["Le fichier n'est pas de l'UTF-8 valide.", 'Enregistrez-le en UTF-8.'],
  ),
  'malformed-yaml': say(
    [
      'The file cannot be read as YAML from here on.',
      'Check the indentation (spaces, not tabs), and put quotes around a value with `{`, `:` or `#`.',
    ],
    [
      "Le fichier n'est plus lisible comme YAML à partir d'ici.",
      'Vérifiez le retrait (espaces, pas de tabulations), et mettez entre guillemets une valeur qui contient `{`, `:` ou `#`.',
    ],
  ),
  'several-documents': say(
    ['The file holds more than one YAML document.', 'Remove the `---` line and what follows.'],
    ['Le fichier contient plusieurs documents YAML.', 'Retirez la ligne `---` et ce qui la suit.'],
  ),
  'not-a-mapping': say(
    ['The file is not a list of `key: value` lines.', 'Start from `ecluse init`.'],
    ["Le fichier n'est pas une suite de lignes `clé: valeur`.", 'Partez de `ecluse init`.'],
  ),
  'too-deep': say(
    ['The file is nested too deeply.', 'Flatten what is written here.'],
    ["Le fichier a trop de niveaux d'imbrication.", 'Aplatissez ce qui est écrit ici.'],
  ),
  'duplicate-key': say(
    ['`{key}` is written twice; the first is on line {first}.', 'Keep one of the two.'],
    ["`{key}` est écrit deux fois ; la première, c'est ligne {first}.", "Gardez l'un des deux."],
  ),
  'anchor-refused': say(
    ['Anchors and aliases (`&`, `*`) are not accepted.', 'Write the value out in each place.'],
    [
      'Les ancres et les alias (`&`, `*`) ne sont pas acceptés.',
      'Écrivez la valeur à chaque endroit.',
    ],
  ),
  'tag-refused': say(
    ['YAML tags (`!`) are not accepted.', 'Remove the tag, or quote the value.'],
    [
      'Les étiquettes YAML (`!`) ne sont pas acceptées.',
      "Retirez l'étiquette, ou mettez la valeur entre guillemets.",
    ],
  ),
  'unknown-key': say(
    ['The key `{key}` does not exist.', 'Keys that exist here: {known}.'],
    ["La clé `{key}` n'existe pas.", 'Clés possibles ici : {known}.'],
  ),
  'missing-key': say(
    ['The key `{key}` is missing.', 'Add it.'],
    ['La clé `{key}` manque.', 'Ajoutez-la.'],
  ),
  'wrong-type': say(
    ['This is {got}.', 'Write {expected}.'],
    ["C'est {got}.", 'Écrivez {expected}.'],
  ),
  'invalid-choice': say(
    ['This value is not one of those possible.', 'Choose one of: {choices}.'],
    ['Cette valeur ne fait pas partie des choix.', 'Choisissez parmi : {choices}.'],
  ),
  'invalid-format': say(
    ['This value does not have the form expected here.', 'Write {expected}.'],
    ["Cette valeur n'a pas la forme attendue ici.", 'Écrivez {expected}.'],
  ),
  'out-of-range': say(
    ['The number is out of range: it must be {limit}.', 'Write a number {limit}.'],
    ['Le nombre est hors limites : il doit être {limit}.', 'Écrivez un nombre {limit}.'],
  ),
  'empty-value': say(
    ['This is empty.', 'Write at least one value, or remove the key.'],
    ["C'est vide.", 'Écrivez au moins une valeur, ou retirez la clé.'],
  ),
  'literal-secret': say(
    [
      'A key is written in the file; anyone who reads the file or its history has it.',
      'Put it in an environment variable or a file, write `"${env:NAME}"` or `"${file:path}"` here, and replace that key.',
    ],
    [
      'Une clé est écrite dans le fichier ; qui lit le fichier ou son historique la possède.',
      'Mettez-la dans une variable d\'environnement ou un fichier, écrivez ici `"${env:NOM}"` ou `"${file:chemin}"`, et remplacez cette clé.',
    ],
  ),
  'malformed-reference': say(
    [
      'This reference to a secret cannot be read.',
      'Write exactly `"${env:NAME}"` or `"${file:path}"`, with nothing before or after.',
    ],
    [
      'Cette référence à un secret est illisible.',
      'Écrivez exactement `"${env:NOM}"` ou `"${file:chemin}"`, sans rien avant ni après.',
    ],
  ),
  'missing-variable': say(
    [
      'The environment variable {variable} is not set.',
      'Set it before starting, or remove this line.',
    ],
    [
      "La variable d'environnement {variable} n'est pas définie.",
      'Définissez-la avant de démarrer, ou retirez cette ligne.',
    ],
  ),
  'secret-file-unreadable': say(
    [
      'The file that should hold the secret cannot be read.',
      'Check that it exists and can be read; its path counts from the folder of this file.',
    ],
    [
      'Le fichier qui devrait contenir le secret est illisible.',
      'Vérifiez son existence et ses permissions ; son chemin part du dossier de ce fichier.',
    ],
  ),
  'empty-secret': say(
    ['The secret is empty.', 'Give it a value.'],
    ['Le secret est vide.', 'Donnez-lui une valeur.'],
  ),
  'invalid-secret': say(
    [
      'The secret holds white space, line breaks or characters that no header can carry.',
      'Check that it is the key alone, on one line.',
    ],
    [
      "Le secret contient des espaces, des fins de ligne ou des caractères qu'aucun en-tête n'admet.",
      "Vérifiez qu'il ne contient que la clé, sur une ligne.",
    ],
  ),
  'secret-file-exposed': say(
    [
      'Other users of this machine can read the secret (permissions {mode}).',
      'Run `chmod 600` on that file.',
    ],
    [
      "D'autres utilisateurs de cette machine peuvent lire le secret (permissions {mode}).",
      'Faites `chmod 600` sur ce fichier.',
    ],
  ),
  'credentials-in-url': say(
    [
      'The address holds a user name or a password.',
      'Write the address without it, and the key under `key`, as `"${env:NAME}"`.',
    ],
    [
      "L'adresse contient un nom d'utilisateur ou un mot de passe.",
      'Écrivez l\'adresse sans lui, et la clé sous `key`, en `"${env:NOM}"`.',
    ],
  ),
  'reserved-id': say(
    ['The id `{id}` has a meaning of its own.', 'Choose another.'],
    ["L'identifiant `{id}` a déjà un sens.", 'Choisissez-en un autre.'],
  ),
  'duplicate-id': say(
    ['`{id}` is used twice.', 'Give each its own.'],
    ['`{id}` sert deux fois.', 'Donnez à chacun le sien.'],
  ),
  'floor-below-profile': say(
    [
      'The profile strict-eu does not allow a floor of public.',
      'Remove `floor`, raise it to internal, or choose the profile default.',
    ],
    [
      "Le profil strict-eu n'admet pas un plancher public.",
      'Retirez `floor`, montez-le à internal, ou choisissez le profil default.',
    ],
  ),
  'exposed-listen': say(
    [
      'Listening beyond this machine without encryption would carry keys and texts in clear.',
      'Add `tls: {cert, key}`, or name the proxy that encrypts in `trusted_proxies`, or listen on 127.0.0.1.',
    ],
    [
      'Écouter au-delà de cette machine sans chiffrement ferait passer clés et textes en clair.',
      'Ajoutez `tls: {cert, key}`, ou nommez dans `trusted_proxies` le mandataire qui chiffre, ou écoutez sur 127.0.0.1.',
    ],
  ),
  'tls-file-unreadable': say(
    [
      'This PEM file cannot be read.',
      'Check that it exists and can be read; its path counts from the folder of this file.',
    ],
    [
      'Ce fichier PEM est illisible.',
      'Vérifiez son existence et ses permissions ; son chemin part du dossier de ce fichier.',
    ],
  ),
  'zone-not-this-machine': say(
    [
      'The zone `device` means this machine, and the address is elsewhere.',
      'Write `on-prem` for a machine of your own, or the zone it is really in.',
    ],
    [
      "La zone `device` désigne cette machine, et l'adresse est ailleurs.",
      'Écrivez `on-prem` pour une machine à vous, ou la zone où elle est vraiment.',
    ],
  ),
  'zone-of-known-vendor': say(
    [
      'This address belongs to {vendor}, which is not a machine of your own.',
      'Write `{zone}`, or leave out the zone.',
    ],
    [
      "Cette adresse est celle de {vendor}, qui n'est pas une machine à vous.",
      'Écrivez `{zone}`, ou retirez la zone.',
    ],
  ),
  'jurisdiction-is-local': say(
    [
      'The jurisdiction `local` is for your own zones only.',
      'Write the country the operator processes in, or `unknown`.',
    ],
    [
      'La juridiction `local` ne vaut que pour vos propres zones.',
      "Écrivez le pays où l'opérateur traite les données, ou `unknown`.",
    ],
  ),
  'apis-of-other-dialect': say(
    [
      'Only servers of the dialect `openai` have such APIs of their own.',
      'Remove `apis`: what this destination speaks is used for every caller.',
    ],
    [
      'Seuls les serveurs de dialecte `openai` ont de telles API à eux.',
      'Retirez `apis` : ce que parle cette destination sert pour tous les appelants.',
    ],
  ),
  'plain-webhook': say(
    [
      'The receiver is outside your own zones and is spoken to without encryption.',
      'Use https, or say `zone: on-prem` where it is your own.',
    ],
    [
      'Le destinataire est hors de vos zones et on lui parle sans chiffrement.',
      "Utilisez https, ou indiquez `zone: on-prem` s'il est à vous.",
    ],
  ),
  'key-set-unreadable': say(
    [
      'The file that should hold a JSON Web Key Set cannot be read as one.',
      'Check that it exists and holds `{"keys": [...]}`; its path counts from the folder of this file.',
    ],
    [
      'Le fichier qui devrait contenir un JSON Web Key Set est illisible comme tel.',
      'Vérifiez son existence et qu\'il contient `{"keys": [...]}` ; son chemin part du dossier de ce fichier.',
    ],
  ),
  'plain-http': say(
    ['Texts and key travel to this address in clear.', 'Use `https://` if the server has it.'],
    [
      'Les textes et la clé vont à cette adresse en clair.',
      "Employez `https://` si le serveur l'accepte.",
    ],
  ),
  'invalid-database-url': say(
    [
      'This is not the address of a PostgreSQL database.',
      'Write it as postgresql://user:password@host:5432/database, with special characters of the password escaped (%40 for @).',
    ],
    [
      "Ce n'est pas l'adresse d'une base PostgreSQL.",
      'Écrivez-la postgresql://utilisateur:motdepasse@hôte:5432/base, les caractères spéciaux du mot de passe échappés (%40 pour @).',
    ],
  ),
  'plain-database': say(
    [
      'The password and all that is recorded travel to the database in clear (`sslmode=disable`).',
      'Remove `sslmode=disable`, and name the authority of its certificate in `database.tls.ca`.',
    ],
    [
      'Le mot de passe et tout ce qui est enregistré vont à la base en clair (`sslmode=disable`).',
      "Retirez `sslmode=disable`, et nommez l'autorité de son certificat dans `database.tls.ca`.",
    ],
  ),
  'invalid-condition': say(
    [
      'The condition cannot be used: {reason}.',
      'Write a yes or a no in CEL over request, label, caller and findings, such as `request.tokens > 8000`.',
    ],
    [
      'La condition est inutilisable : {reason}.',
      'Écrivez un oui ou un non en CEL sur request, label, caller et findings, comme `request.tokens > 8000`.',
    ],
  ),
  'rule-says-nothing': say(
    [
      'The rule neither allows nor denies anything, and asks for nothing.',
      'Give it `allow`, `deny`, `mask`, `answers` or `duties`.',
    ],
    [
      "La règle ne permet, n'interdit et ne demande rien.",
      'Donnez-lui `allow`, `deny`, `mask`, `answers` ou `duties`.',
    ],
  ),
  'mask-covers-nothing': say(
    ['The mask names nothing to replace.', 'Give it `types`, `categories` or both.'],
    ['Le masque ne nomme rien à remplacer.', 'Donnez-lui `types`, `categories` ou les deux.'],
  ),
  'duty-not-available': say(
    [
      'The duty `second-opinion` names no model that judges.',
      'Write `second_opinion: {model: NAME}` in this rule; the duty itself can then be left out.',
    ],
    [
      "L'obligation `second-opinion` ne nomme aucun modèle qui juge.",
      "Écrivez `second_opinion: {model: NOM}` dans cette règle ; l'obligation elle-même est alors superflue.",
    ],
  ),
}

/** Said instead of the remedy when the right word could be guessed. */
export const DID_YOU_MEAN: Readonly<Record<Language, string>> = {
  en: 'Did you mean `{suggestion}`?',
  fr: 'Vouliez-vous dire `{suggestion}` ?',
}
