import type { LiteralGroup } from '../scan/lexicon.ts'

const words = (name: string, list: string): LiteralGroup => ({
  name,
  standing: 'stem',
  words: list.split('|').map((word) => word.trim()),
})

/** Whole words that speak for, or against, a number; English and French, accents and case folded. Source: the issuing authorities' own vocabulary. */
export const CONTEXT_WORDS: readonly LiteralGroup[] = [
  words(
    'negative',
    'commande|facture|n° de commande|order|order id|order number|tracking|suivi|colis|invoice|ref|référence|reference|sha|commit|version|isbn|ean|sku|ticket|port|build|timestamp|horodatage|devis|lot|serial|numéro de série',
  ),
  words(
    'nir',
    'sécurité sociale|securite sociale|n° sécu|numéro de sécu|code sécu|num sécu|sécu|nir|nss|insee|numéro insee|assuré|assurée|carte vitale|immatriculation sociale|social security|ins|matricule ins',
  ),
  words(
    'siren',
    'siren|rcs|immatriculée|immatriculé|siret|numéro siren|n° siren|registre du commerce|company number|business number',
  ),
  words('siret', 'siret|établissement|numéro siret|n° siret|siren'),
  words(
    'vat',
    'tva|vat|vat number|vat id|numéro intracommunautaire|tva intracommunautaire|tax number|tva intra|ust-idnr|ustid|btw|partita iva|nif',
  ),
  words(
    'iban',
    'iban|compte|account|virement|bank account|счёт|счета|расчётный счёт|λογαριασμός|wire|transfer|rib|coordonnées bancaires|prélèvement|sepa',
  ),
  words('rib', 'rib|code banque|guichet|clé rib|relevé d’identité bancaire|coordonnées bancaires'),
  words('bic', 'bic|swift|bic/swift|code bic|code swift|swift code'),
  words(
    'card',
    'carte|cb|carte bancaire|carte bleue|carte de crédit|numéro de carte|card|credit card|card number|debit card|visa|mastercard|amex|american express|cvv|cvc|pan|payment card|expiry|expiration|cc|банковская карта|номер карты|κάρτα|πιστωτική κάρτα',
  ),
  words(
    'phone',
    'tél|tel|téléphone|telephone|phone|mobile|portable|cell|call|appelez|appeler|joindre|joignable|contact|fax|whatsapp|sms|rappelez|rappeler|numéro|number|ligne|standard|gsm|reach|dial|text me|fixe|телефон|телефона|тел.|моб.|мобильный|τηλέφωνο|τηλ.|κινητό',
  ),
  words(
    'spi',
    'numéro fiscal|n° fiscal|spi|identifiant fiscal|avis d’imposition|impôts|impôt|référence fiscale|numéro fiscal de référence|tax id|tax number|déclarant',
  ),
  words('passport-fr', 'passeport|passport|n° de passeport|numéro de passeport|passport number'),
  words(
    'cni',
    'cni|carte d’identité|carte nationale d’identité|cnie|pièce d’identité|national identity card|identity card|id card|titre d’identité',
  ),
  words(
    'licence-fr',
    'permis de conduire|n° de permis|numéro de permis|permis|driving licence|driver’s license|driver license',
  ),
  words('rpps', 'rpps|n° rpps|numéro rpps'),
  words(
    'birth',
    'né le|née le|né(e) le|nés le|nées le|né en|née en|date de naissance|ddn|naissance|born on|born|dob|d.o.b.|date of birth|birth date|birthdate|birthday|né à|née à|anniversaire|дата рождения|родился|родилась|г.р.|дата народження|народився|народилася|дата на раждане|роден|родена|ημερομηνία γέννησης|γεννήθηκε|γεννηθείς|γεννηθείσα',
  ),
  words(
    'plate',
    'immatriculation|immatriculé|immatriculée|plaque|véhicule|voiture|registration|license plate|number plate|vehicle',
  ),
  words(
    'mrn',
    'mrn|medical record number|medical record|medical record no|medical rec|med rec|ipp|nda|iep|nip patient|numéro ipp|n° ipp|patient id|patient no|patient number|patient #|patient identifier|chart number|chart no|encounter number|encounter id|visit number|hospital no|hospital number|chi number|unit record number|urn patient|dossier patient|n° de dossier patient|n° de dossier médical|numéro de dossier médical|numéro de dossier patient|n° patient|numéro de patient|numéro patient|n° de séjour|numéro de séjour|n° d’admission|numéro d’admission|n° d’hospitalisation|numéro d’hospitalisation|n° de venue|numéro de venue|identifiant patient|identifiant permanent du patient|identifiant de séjour|patientennummer|patienten-id|fallnummer|número de historia clínica|historia clínica|cartella clinica|номер медицинской карты|история болезни №|αριθμός μητρώου ασθενούς',
  ),
  words(
    'vin',
    'vin|chassis|châssis|vehicle identification number|numéro de série du véhicule|vehicle',
  ),
  words('bsn', 'bsn|burgerservicenummer|citizen service number|sofinummer'),
  words(
    'nrn',
    'nrn|registre national|rijksregister|rijksregisternummer|national register number|belgian national|niss|insz|belgian nrn',
  ),
  words('ssn', 'ssn|social security|social security number|ss#|ssns|social security no'),
  words('nhs', 'nhs|nhs number|national health service'),
  words('nino', 'ni number|national insurance|nino|national insurance number'),
]
