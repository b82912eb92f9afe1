/** For tests: bodies that hold the same text, each at another place of a Responses request. */
export function responsesPlaces(text: string): readonly object[] {
  const half = Math.floor(text.length / 2)
  const hello = { role: 'user', content: 'hello' }
  return [
    { input: text },
    { input: 'hello', instructions: `Account: ${text}` },
    { input: [{ role: 'developer', content: text }, hello] },
    { input: [{ role: 'user', content: [{ type: 'input_text', text: text }] }] },
    {
      input: [hello, { role: 'assistant', content: [{ type: 'output_text', text: text }] }, hello],
    },
    {
      input: [
        hello,
        { type: 'function_call', call_id: 'c', name: 'pay', arguments: JSON.stringify({ text }) },
      ],
    },
    { input: [hello, { type: 'function_call_output', call_id: 'c', output: text }] },
    {
      input: [
        hello,
        {
          type: 'function_call_output',
          call_id: 'c',
          output: [{ type: 'input_text', text: text }],
        },
      ],
    },
    {
      input: [{ type: 'reasoning', summary: [{ type: 'summary_text', text: text }] }, hello],
    },
    { input: 'hello', tools: [{ type: 'function', name: 'f', description: `pays to ${text}` }] },
    {
      input: 'hello',
      tools: [{ type: 'function', name: 'f', parameters: { properties: { a: { enum: [text] } } } }],
    },
    { input: 'hello', tools: [{ type: 'mcp', server_description: text }] },
    { input: 'hello', text: { format: { type: 'json_schema', schema: { description: text } } } },
    { input: 'hello', metadata: { account: text } },
    { input: 'hello', metadata: { [text]: 'account' } },
    { input: 'hello', user: text },
    { input: 'hello', safety_identifier: text },
    { input: 'hello', prompt_cache_key: text },
    {
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: text.slice(0, half) },
            { type: 'input_text', text: text.slice(half) },
          ],
        },
      ],
    },
  ]
}
