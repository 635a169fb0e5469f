import { expect, test } from 'vitest';
import { run, start } from '../src/process.ts';

test('run gives the exit code and both streams', async () => {
  const result = await run(process.execPath, [
    '-e',
    'console.log("out"); console.error("err"); process.exit(3)',
  ]);
  expect(result).toEqual({ code: 3, signal: null, stdout: 'out\n', stderr: 'err\n' });
});

test('run kills what does not end and says so', async () => {
  const endless = run(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeout: 500 });
  await expect(endless).rejects.toThrow('did not end in 500 ms');
});

test('start waits for a line, and rejects when the process ends without it', async () => {
  const running = start(process.execPath, [
    '-e',
    'console.log("port 1234"); setInterval(() => {}, 1000)',
  ]);
  expect((await running.waitFor(/port (\d+)/))[1]).toBe('1234');
  await running.stop();
  const short = start(process.execPath, ['-e', 'console.log("bye")']);
  await expect(short.waitFor(/never/)).rejects.toThrow('ended before it printed');
});
