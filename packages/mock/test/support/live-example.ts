import document from '@sql-sessions/contract/openapi.json' with { type: 'json' };

/** What an example of the live contract shows, as the contract has it by now. */
export function liveExample(name: string): Record<string, unknown> {
  const examples: Record<string, { value: Record<string, unknown> }> = document.components.examples;
  if (!examples[name]) throw new Error(`The contract has no example ${name}.`);
  return examples[name].value;
}
