import { readFileSync } from 'node:fs';

const file = new URL(import.meta.resolve('@sql-sessions/contract/openapi.json'));
const { components } = JSON.parse(readFileSync(file, 'utf8'));

/** What an example of the live contract shows, as the contract has it by now. */
export function liveExample(name: string): Record<string, unknown> {
  return components.examples[name].value;
}
