import { parseArgs } from 'node:util';
import { startMock } from '../start-mock.ts';

/** Runs the bin until SIGINT or SIGTERM and returns its exit code. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      spec: { type: 'string' },
      host: { type: 'string' },
      port: { type: 'string', short: 'p' },
    },
  });
  const mock = await startMock({
    ...(values.spec !== undefined && { spec: values.spec }),
    ...(values.host !== undefined && { host: values.host }),
    ...(values.port !== undefined && { port: Number(values.port) }),
  });
  console.log(`The mock answers at ${mock.url}`);
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await mock.close();
  return 0;
}
