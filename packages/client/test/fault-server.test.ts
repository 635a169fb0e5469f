import { expect, test } from 'vitest';
import { playFaults } from './fault-server.ts';

test('an entry of the script that was not used fails the test', async () => {
  const server = await playFaults([{ status: 200 }, 'reset']);
  await fetch(server.baseUrl);
  await expect(server[Symbol.asyncDispose]()).rejects.toThrow('Faults not used: ["reset"]');
});

test('a request beyond the script fails the test', async () => {
  const server = await playFaults([]);
  await fetch(server.baseUrl);
  await expect(server[Symbol.asyncDispose]()).rejects.toThrow('Requests beyond the script: GET /');
});
