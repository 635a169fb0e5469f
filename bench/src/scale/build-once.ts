/**
 * `node build-once.ts <folder of a contract>`: the steps of the contract's build, each timed in milliseconds, and the
 * largest resident memory in bytes, as JSON. A process of its own for each run: users build in a cold one as well.
 */
import { join } from 'node:path';
import { bundle, lint, loadConfig } from '@redocly/openapi-core';
import { buildContract } from '../../../spec/build/build-contract.ts';
import { generateTypes } from '../../../spec/build/generate-types.ts';
import type { OpenApiDocument } from '../../../spec/build/openapi-document.ts';
import { toOperations } from '../../../spec/build/operation-table.ts';

export interface BuildTimes {
  lint: number;
  bundle: number;
  types: number;
  build: number;
  memory: number;
}

const [folder = '.', what] = process.argv.slice(2);
const times: Partial<BuildTimes> = {};

async function timed<T>(name: keyof BuildTimes, step: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await step();
  times[name] = performance.now() - began;
  return result;
}

if (what === 'build') {
  const result = await timed('build', () => buildContract(folder));
  if (!result.ok) throw new Error(result.report);
} else {
  const config = await loadConfig({ configPath: join(folder, 'redocly.yaml') });
  const ref = join(folder, 'sessions.yaml');
  const problems = await timed('lint', () => lint({ ref, config }));
  if (problems.length > 0) throw new Error(problems[0]?.message);
  const { bundle: bundled } = await timed('bundle', () => bundle({ ref, config }));
  const document = bundled.parsed as OpenApiDocument;
  await timed('types', () => generateTypes(document, toOperations(document)));
}
times.memory = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify(times));
