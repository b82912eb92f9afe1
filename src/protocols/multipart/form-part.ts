/** A text of a form. */
export interface FormField {
  readonly kind: 'field'
  readonly name: string
  readonly value: string
}

/** A file of a form; its bytes are never changed. */
export interface FormFile {
  readonly kind: 'file'
  readonly name: string
  /** Without folders; null where the part has no file name. */
  readonly fileName: string | null
  /** Media type in lower case, without parameters. */
  readonly type: string
  /** One of the known names, in lower case; null where its sender names none. */
  readonly charset: string | null
  readonly bytes: Uint8Array
}

/** One part of a form, in the order it was sent. */
export type FormPart = FormField | FormFile
