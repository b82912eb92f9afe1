import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { Engine } from '../api/status.ts'
import type { DataClass, Zone } from '../api/words.ts'

export const CLASS_WORDS: Readonly<Record<DataClass, MessageDescriptor>> = {
  public: msg`public`,
  internal: msg`internal`,
  confidential: msg`confidential`,
  restricted: msg`restricted`,
}

export const ZONE_WORDS: Readonly<Record<Zone, MessageDescriptor>> = {
  device: msg`This machine`,
  'on-prem': msg`Your servers`,
  managed: msg`Managed platform`,
  api: msg`Proprietary API`,
}

export const ENGINE_WORDS: Readonly<Record<Engine['state'], MessageDescriptor>> = {
  absent: msg`no model yet`,
  pulling: msg`fetching the model`,
  starting: msg`starting`,
  ready: msg`ready`,
  failed: msg`failed`,
  disabled: msg`off`,
}

/** Open lists: a word that is not here is shown as the gateway sent it. */
type OpenWords = Readonly<Record<string, MessageDescriptor>>

export const CATEGORY_WORDS: OpenWords = {
  personal: msg`personal`,
  credentials: msg`credentials`,
  health: msg`health`,
  'special-category': msg`special category`,
  finance: msg`finance`,
  legal: msg`legal`,
  judicial: msg`judicial`,
  hr: msg`human resources`,
  children: msg`children`,
  'source-code': msg`source code`,
  infrastructure: msg`infrastructure`,
  strategy: msg`strategy`,
  location: msg`location`,
  'export-control': msg`export control`,
  marking: msg`document marking`,
  company: msg`company`,
}

export const REFUSED_WORDS: OpenWords = {
  'clearance-too-low': msg`not cleared for this class`,
  'zone-not-allowed': msg`zone not allowed for this class`,
  'jurisdiction-not-allowed': msg`jurisdiction not allowed`,
  'class-not-mentioned': msg`no rule lets this class in`,
  'not-enabled': msg`not enabled`,
  'not-trusted': msg`found, not trusted yet`,
  'zone-excluded-by-caller': msg`excluded by the caller`,
  'not-ready': msg`not ready`,
  down: msg`not answering`,
}

export const DUTY_WORDS: OpenWords = {
  mask: msg`some values are masked before it leaves`,
  answers: msg`the answer is looked through`,
  'no-store': msg`nothing of it is kept`,
  'no-cache': msg`no cache takes part`,
  disclose: msg`the answer says that a machine wrote it`,
  review: msg`a person reads the answer first`,
  'second-opinion': msg`another model is asked too`,
}

export const HEALTH_WORDS: OpenWords = {
  ready: msg`ready`,
  'not-ready': msg`not ready`,
  down: msg`not answering`,
}

export const DESTINATION_STATE_WORDS: OpenWords = {
  enabled: msg`enabled`,
  discovered: msg`found, not trusted yet`,
  listed: msg`listed, not enabled`,
  disabled: msg`disabled`,
}

export const TYPE_WORDS: OpenWords = {
  BIC_SWIFT: msg`BIC bank code`,
  COMPANY_DOCUMENT: msg`passage of a company document`,
  COMPANY_PATTERN: msg`pattern of the company`,
  COMPANY_TERM: msg`term of the company`,
  CREDIT_CARD: msg`payment card`,
  DATE_TIME: msg`date`,
  DOCUMENT_MARKING: msg`document marking`,
  EMAIL_ADDRESS: msg`email address`,
  FR_CNI: msg`French identity card`,
  FR_NIR: msg`French social security number (NIR)`,
  FR_PASSPORT: msg`French passport`,
  FR_RIB: msg`French bank account (RIB)`,
  FR_SIREN: msg`French company number (SIREN)`,
  FR_SIRET: msg`French establishment number (SIRET)`,
  FR_TAX_ID: msg`French tax number`,
  IBAN_CODE: msg`IBAN`,
  IP_ADDRESS: msg`IP address`,
  LOCATION: msg`place or address`,
  MARKING: msg`document marking`,
  MEDICAL_CONDITION: msg`health condition`,
  MEDICAL_RECORD: msg`patient number`,
  MEDICATION: msg`medication`,
  ORGANIZATION: msg`organisation`,
  PERSON: msg`person`,
  PHONE_NUMBER: msg`phone number`,
  SECRET: msg`credential`,
  VAT_NUMBER: msg`VAT number`,
}
