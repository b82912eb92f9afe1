/** A flat, a floor, a suite. */
const FLAT =
  /,?\s{1,3}(?:Apt|APT|apt|Apartment|Suite|suite|Ste|Unit|Flat|Floor|Bldg|Room|Wohnung|Whg|Stock|Piso|Int|#)\.?:? ?#?[A-Za-z\d][\w-]{0,6}/uy
/** Up to three lines or parts with the names of a town, a county, a country, then a postcode. */
const TOWN_AND_CODE =
  /(?:\s?[,\n]{1,2}\s{0,2}|\s)(?:[\p{Lu}\d][\p{L}\d'’.()-]{0,24}(?: [\p{L}\d'’.()-]{1,24}){0,4}\s?[,\n]{1,2}\s{0,2}){0,3}(?:\p{Lu}[\p{L}'’.-]{0,24}(?: [\p{L}'’.-]{1,24}){0,3},? )?(?:\d{5}(?:-\d{4})?|\d{4} ?[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?![\p{L}\d])/uy
/** A postcode first, as on the continent: "10115 Berlin", "1012 AB Amsterdam". */
const CODE_AND_TOWN =
  /(?:\s?[,\n]\s{0,2}| )(?:[A-Z]{1,2}-)?(?:\d{5}|\d{4} ?[A-Z]{2}|\d{4}|\d{4}-\d{3}) \p{Lu}[\p{L}'’.-]{1,24}(?:[ -]\p{Lu}[\p{L}'’.-]{1,24}){0,3}/uy

/** Where an address ends that has reached `end`: past a flat, a town and its postcode; `full` when a postcode was read. */
export function readTail(
  text: string,
  end: number,
): { readonly end: number; readonly full: boolean } {
  const flat = past(FLAT, text, end)
  const first = past(CODE_AND_TOWN, text, flat)
  if (first > flat) return { end: first, full: true }
  const last = past(TOWN_AND_CODE, text, flat)
  return { end: Math.max(flat, last), full: last > flat }
}

function past(shape: RegExp, text: string, at: number): number {
  shape.lastIndex = at
  return shape.test(text) ? shape.lastIndex : at
}
