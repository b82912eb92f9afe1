/** The field's own name in words: `customer.taxId` gives `tax id`; a list index is skipped. */
export function fieldName(path: string): string {
  const name = path.split('.').findLast((step) => !/^\d+$/.test(step)) ?? ''
  const plain = name === 'content' || name === 'text' || name === 'input' || name === 'prompt'
  if (plain) return ''
  return name
    .slice(-80)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
}
