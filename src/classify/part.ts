/** The field's own name in words: `customer.taxId` gives `tax id`; a list index is skipped. */
export function fieldName(path: string): string {
  const name = lastName(path)
  const plain = name === 'content' || name === 'text' || name === 'input' || name === 'prompt'
  if (plain) return ''
  return name
    .slice(-80)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
}

/** The last step that is no list index. */
function lastName(path: string): string {
  for (let end = path.length; end > 0;) {
    const dot = path.lastIndexOf('.', end - 1)
    const step = path.slice(dot + 1, end)
    if (!isIndex(step)) return step
    end = dot
  }
  return ''
}

function isIndex(step: string): boolean {
  for (let i = 0; i < step.length; i++) {
    const unit = step.charCodeAt(i)
    if (unit < 48 || unit > 57) return false
  }
  return step !== ''
}
