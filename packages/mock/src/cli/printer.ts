import { styleText } from 'node:util';
import type { ContractEvent } from '../contract/live-contract.ts';
import type { RecordedRequest } from '../record/recorded-request.ts';
import type { Mock } from '../start-mock.ts';

type Style = Parameters<typeof styleText>[0];

/** What the bin tells while it runs. */
export interface Printer {
  ready(mock: Mock): void;
  request(request: RecordedRequest): void;
  contract(event: ContractEvent): void;
}

const nothing = () => undefined;

/** Only problems, on standard error. */
export function quietPrinter(): Printer {
  return {
    ready: nothing,
    request: nothing,
    contract(event) {
      if (event.kind === 'broken') process.stderr.write(`${brokenText(event.problem)}\n`);
    },
  };
}

/** One JSON object per line, each with `event`: `ready`, `request` or `contract`. */
export function jsonPrinter(): Printer {
  const print = (event: string, data: object) =>
    process.stdout.write(`${JSON.stringify({ event, ...data })}\n`);
  return {
    ready: ({ url, port, contract: { title, version, operations } }) =>
      print('ready', {
        url,
        port,
        panel: `${url}/__mock`,
        title,
        version,
        operations: operations.length,
      }),
    request: (request) => print('request', request),
    contract: (event) => print('contract', event),
  };
}

/** For people: a banner, then a line per request. Colour only where standard output is a terminal. */
export function textPrinter(): Printer {
  const paint = (style: Style, text: string) =>
    styleText(style, text, { stream: process.stdout, validateStream: true });
  const print = (line: string) => process.stdout.write(`${line}\n`);
  return {
    ready(mock) {
      const { title, version, operations } = mock.contract;
      print(`${paint('bold', `Mock of ${title} ${version}`)} at ${paint('cyan', mock.url)}`);
      print(`Panel: ${mock.url}/__mock`);
      print('');
      for (const { method, path, summary, answers } of operations) {
        print(`${paint('bold', method)} ${path}${summary ? `  ${summary}` : ''}`);
        print(`  answers: ${answers.map(({ status }) => status).join(', ')}`);
      }
      const [first] = operations;
      if (first) {
        const call = `curl -i -X ${first.method} '${mock.url}${first.examplePath}'`;
        const error = first.answers.find(({ status }) => /^[45]\d\d$/.test(status));
        print('');
        print('Try:');
        print(`  ${call}`);
        if (error) print(`  ${call} -H 'Prefer: code=${error.status}'`);
      }
      print('');
      print('Ctrl-C stops it.');
    },
    request({ method, target, status, fault, tookMs, why, mockError }) {
      const result = fault ?? String(status ?? '---');
      const reasons = mockError === null ? why : [`mock error ${mockError}`, ...why];
      const shown = target.length > 120 ? `${target.slice(0, 119)}…` : target;
      const reason = reasons.length > 0 ? `  ${paint('dim', reasons.join('; '))}` : '';
      print(
        `${paint(styleOf(status, fault), result)}  ${method} ${printable(shown)}  ${tookMs} ms${reason}`,
      );
    },
    contract(event) {
      if (event.kind === 'broken') print(paint('red', brokenText(event.problem)));
      else if (event.kind === 'mended') print(paint('green', 'The contract is mended.'));
      else {
        const { title, version, operations, tookMs } = event;
        const count = operations === 1 ? '1 operation' : `${operations} operations`;
        print(paint('green', `Contract reloaded: ${title} ${version}, ${count} (${tookMs} ms)`));
      }
    },
  };
}

function brokenText(problem: string): string {
  return `The contract cannot be used, the last good one is served: ${problem}`;
}

/** A request must not be able to move the cursor of the terminal it is shown in. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e…]/g, '?');
}

function styleOf(status: number | null, fault: unknown): Style {
  if (fault !== null || status === null || status >= 500) return 'red';
  return status >= 400 ? 'yellow' : 'green';
}
