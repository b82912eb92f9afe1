import { forbid, unread, warn } from './rule.ts'

/** Archives, and the ways in which two readers see two contents. */
export const ARCHIVE_RULES = {
  'zip-malformed': unread(
    'medium',
    'fetch-again',
    'The directory of the zip cannot be read.',
    'Le répertoire du zip ne peut être lu.',
  ),
  'zip-header-mismatch': forbid(
    'critical',
    'discard',
    'The two headers of a member disagree on its name, method or size: two readers would see two contents.',
    "Les deux en-têtes d'un membre ne s'accordent pas sur son nom, sa méthode ou sa taille : deux lecteurs verraient deux contenus.",
  ),
  'zip-false-flags': forbid(
    'critical',
    'discard',
    'A member is marked as encrypted and is not: a way past scanners (CVE-2025-1945).',
    "Un membre est marqué comme chiffré et ne l'est pas : un moyen de passer les analyseurs (CVE-2025-1945).",
  ),
  'zip-encrypted': unread('high', 'unpack', 'A member is encrypted.', 'Un membre est chiffré.'),
  'zip-crc': forbid(
    'high',
    'discard',
    'The checksum of a member is wrong: a way past scanners (CVE-2025-10156).',
    "La somme de contrôle d'un membre est fausse : un moyen de passer les analyseurs (CVE-2025-10156).",
  ),
  'zip-size': forbid(
    'high',
    'discard',
    'A member unpacks to another size than it says.',
    "Un membre se décompacte en une autre taille qu'il ne dit.",
  ),
  'zip-method': unread(
    'medium',
    'unpack',
    'A member is compressed by a method that this scanner does not read.',
    'Un membre est compressé par une méthode que cet analyseur ne lit pas.',
  ),
  'zip-broken-member': unread(
    'medium',
    'fetch-again',
    'A member cannot be unpacked.',
    'Un membre ne peut être décompacté.',
  ),
  'zip-orphan': forbid(
    'critical',
    'discard',
    'A member that the directory does not list.',
    'Un membre que le répertoire ne liste pas.',
  ),
  'zip-overlap': forbid(
    'critical',
    'discard',
    'Members share bytes: a bomb, or two contents in one.',
    'Des membres partagent des octets : une bombe, ou deux contenus en un.',
  ),
  'zip-prefix': forbid(
    'high',
    'discard',
    'Bytes before the first member: a second format in the same file.',
    'Des octets avant le premier membre : un second format dans le même fichier.',
  ),
  'zip-hidden-data': forbid(
    'high',
    'discard',
    'Bytes between or after the members that belong to none.',
    'Des octets entre ou après les membres, qui ne sont à aucun.',
  ),
  'zip-directories': forbid(
    'critical',
    'discard',
    'More than one directory: two readers would see two contents.',
    "Plus d'un répertoire : deux lecteurs verraient deux contenus.",
  ),
  'archive-duplicate': forbid(
    'critical',
    'discard',
    'Two members of one name: two readers would take two contents.',
    "Deux membres d'un même nom : deux lecteurs prendraient deux contenus.",
  ),
  'archive-escape': forbid(
    'critical',
    'discard',
    'A member would be written outside the folder it is unpacked into.',
    'Un membre serait écrit hors du dossier où il est décompacté.',
  ),
  'archive-link': forbid(
    'high',
    'discard',
    'A member is a link, or a device.',
    'Un membre est un lien, ou un périphérique.',
  ),
  'archive-bomb': forbid(
    'high',
    'discard',
    'A member unpacks to more than a thousand times its size, or to more than it says.',
    "Un membre se décompacte en plus de mille fois sa taille, ou en plus qu'il ne dit.",
  ),
  'archive-nested': warn(
    'low',
    'know',
    'An archive inside an archive; it was scanned too.',
    'Une archive dans une archive ; elle a été analysée aussi.',
  ),
  'archive-unreadable': unread(
    'medium',
    'unpack',
    'An archive or a compression that this scanner does not read.',
    'Une archive ou une compression que cet analyseur ne lit pas.',
  ),
  'tar-malformed': unread(
    'medium',
    'fetch-again',
    'A header of the tar archive is wrong.',
    "Un en-tête de l'archive tar est faux.",
  ),
} as const
