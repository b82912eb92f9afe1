import { forbid, unread, warn } from './rule.ts'

/** The structure of safetensors (safetensors/src/tensor.rs and its documentation). */
export const SAFETENSORS_RULES = {
  'safetensors-header-length': forbid(
    'high',
    'fetch-again',
    'The header is said to be longer than the file, or than the 100 MB that the reference reader accepts.',
    "L'en-tête est dit plus long que le fichier, ou que les 100 Mo qu'accepte le lecteur de référence.",
  ),
  'safetensors-header-start': forbid(
    'high',
    'discard',
    'The header does not begin with an opening brace.',
    "L'en-tête ne commence pas par une accolade ouvrante.",
  ),
  'safetensors-header-utf8': forbid(
    'high',
    'discard',
    'The header is not UTF-8.',
    "L'en-tête n'est pas de l'UTF-8.",
  ),
  'safetensors-header-json': forbid(
    'high',
    'discard',
    'The header is not one JSON object followed by spaces alone.',
    "L'en-tête n'est pas un objet JSON suivi seulement d'espaces.",
  ),
  'safetensors-duplicate-key': forbid(
    'critical',
    'discard',
    'A key of the header occurs twice: two readers would load two models.',
    "Une clé de l'en-tête figure deux fois : deux lecteurs chargeraient deux modèles.",
  ),
  'safetensors-metadata-type': forbid(
    'medium',
    'discard',
    'Metadata must be texts; other values are refused by the reference reader.',
    'Les métadonnées doivent être des textes ; le lecteur de référence refuse le reste.',
  ),
  'safetensors-metadata-payload': forbid(
    'high',
    'discard',
    'A metadata text holds a pickle or a script in disguise.',
    'Un texte des métadonnées cache un pickle ou un script.',
  ),
  'safetensors-entry': forbid(
    'high',
    'discard',
    'A tensor lacks its type, shape or offsets, has further fields, or one of them is no whole number.',
    "Un tenseur n'a pas son type, sa forme ou ses positions, a d'autres champs, ou un nombre qui n'est pas entier.",
  ),
  'safetensors-dtype': unread(
    'medium',
    'convert',
    'A type of tensor that this scanner does not know.',
    'Un type de tenseur que cet analyseur ne connaît pas.',
  ),
  'safetensors-size': forbid(
    'high',
    'discard',
    'The shape and type of a tensor do not amount to the bytes it takes.',
    'La forme et le type du tenseur ne font pas les octets qu’il prend.',
  ),
  'safetensors-extent': forbid(
    'critical',
    'discard',
    'A tensor reaches beyond the end of the file, or ends before it begins.',
    'Un tenseur dépasse la fin du fichier, ou finit avant de commencer.',
  ),
  'safetensors-overlap': forbid(
    'critical',
    'discard',
    'Two tensors share bytes.',
    'Deux tenseurs partagent des octets.',
  ),
  'safetensors-hole': forbid(
    'high',
    'discard',
    'Bytes between tensors that belong to none: room for something hidden.',
    "Des octets entre les tenseurs, qui ne sont à aucun : la place d'une chose cachée.",
  ),
  'safetensors-trailing': forbid(
    'high',
    'discard',
    'Bytes after the last tensor: room for something hidden.',
    "Des octets après le dernier tenseur : la place d'une chose cachée.",
  ),
  'safetensors-misaligned': warn(
    'low',
    'know',
    'The tensors do not begin at a multiple of 8 bytes.',
    'Les tenseurs ne commencent pas à un multiple de 8 octets.',
  ),
} as const
