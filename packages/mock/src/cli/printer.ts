import { styleText } from 'node:util';
import { exampleRequest } from '../contract/example-request.ts';
import type { ContractEvent } from '../contract/live-contract.ts';
import { curlOf } from '../http/curl.ts';
import type { RecordedRequest } from '../record/recorded-request.ts';
import type { Mock } from '../start-mock.ts';

type Style = Parameters<typeof styleText>[0];

/** What the bin tells while it runs. */
export interface Printer {
  ready(mock: Mock): void;
  request(request: RecordedRequest): void;
  contract(event: ContractEvent): void;
  stopped(reason: string): void;
}

const nothing = () => undefined;

/** Lines of so many milliseconds are written together: under load, a write of its own for each would be felt. */
const TOGETHER = 10;

/** Operations that the banner lists. */
const LISTED = 12;

/** Only problems, on standard error. */
export function quietPrinter(): Printer {
  return {
    ready: nothing,
    request: nothing,
    stopped: nothing,
    contract(event) {
      if (event.kind === 'broken')
        process.stderr.write(`${printable(brokenText(event.problem))}\n`);
    },
  };
}

/** One JSON object per line, each with `event`: `ready`, `request`, `contract` or `stopped`. */
export function jsonPrinter(): Printer {
  const write = writer();
  const print = (event: string, data: object) => write(JSON.stringify({ event, ...data }));
  return {
    ready: ({ url, port, contract: { info, operations }, notices }) =>
      print('ready', {
        url,
        port,
        panel: `${url}/__mock`,
        title: info.title,
        version: info.version,
        operations: operations.length,
        notices,
      }),
    request: (request) => print('request', request),
    contract: (event) => print('contract', event),
    stopped: (reason) => print('stopped', { reason }),
  };
}

/** For people: a banner, then a line per request. Color only where standard output is a terminal. */
export function textPrinter(): Printer {
  const write = writer();
  const inColor = process.stdout.isTTY || process.env.FORCE_COLOR !== undefined;
  const paint = (style: Style, text: string) =>
    inColor
      ? styleText(style, printable(text), { stream: process.stdout, validateStream: true })
      : printable(text);
  const print = (...parts: string[]) => write(parts.join(''));
  return {
    ready({ url, contract, notices }) {
      const { info, operations } = contract;
      print(
        paint('bold', `Mock of ${info.title} ${info.version}`.trim()),
        ' at ',
        paint('cyan', url),
      );
      print(printable(`Panel: ${url}/__mock`));
      print('');
      for (const { method, path, summary, responses } of operations.slice(0, LISTED)) {
        print(paint('bold', method), printable(` ${path}  ${summary}`));
        print(printable(`  responses: ${responses.map(({ status }) => status).join(', ')}`));
      }
      if (operations.length > LISTED) print(`and ${operations.length - LISTED} more operations`);
      for (const notice of notices.slice(0, LISTED)) print(paint('yellow', `Notice: ${notice}`));
      if (notices.length > LISTED) print(`and ${notices.length - LISTED} more notices`);
      const [first] = operations;
      if (first) {
        const call = printable(curlOf(url, exampleRequest(contract, first)));
        const error = first.responses.find(({ status }) => /^[45]\d\d$/.test(status));
        print('');
        print('Try:');
        print(`  ${call}`);
        if (error) print(`  ${call} -H 'Prefer: code=${error.status}'`);
      }
      print('');
      print(
        'Pages of a public site need the permission of the browser to call this machine (Local Network Access).',
      );
      print(`Ctrl-C stops it; in the background: kill ${process.pid}`);
    },
    request({ method, target, status, fault, durationMs, reasons, mockError }) {
      const result = fault ?? String(status ?? '---');
      const all = mockError === null ? reasons : [`mock error ${mockError}`, ...reasons];
      const shown = target.length > 120 ? `${target.slice(0, 119)}…` : target;
      const reason = all.length > 0 ? `  ${paint('dim', all.join('; '))}` : '';
      print(
        paint(styleOf(status, fault), result),
        printable(`  ${method} ${shown}  ${durationMs} ms`),
        reason,
      );
    },
    contract(event) {
      if (event.kind === 'broken') print(paint('red', brokenText(event.problem)));
      else if (event.kind === 'recovered') print(paint('green', 'The contract has recovered.'));
      else {
        const { title, version, operations, durationMs } = event;
        const count = operations === 1 ? '1 operation' : `${operations} operations`;
        print(
          paint('green', `Contract reloaded: ${title} ${version}, ${count} (${durationMs} ms)`),
        );
      }
    },
    stopped: (reason) => {
      if (reason !== 'SIGINT') print(`Stopped: ${reason}.`);
    },
  };
}

/** Writes lines to standard output, those of a moment at once. */
function writer(): (line: string) => void {
  let waiting = '';
  const flush = () => {
    process.off('exit', flush);
    process.stdout.write(waiting);
    waiting = '';
  };
  return (line) => {
    if (waiting === '') {
      setTimeout(flush, TOGETHER);
      process.on('exit', flush);
    }
    waiting += `${line}\n`;
  };
}

function brokenText(problem: string): string {
  return `The contract cannot be used, the last good one is served: ${problem}`;
}

/** Nobody who is quoted in a line may move the cursor of the terminal that shows it. */
export function printable(text: string): string {
  // Mostly there is nothing to replace.
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return text.replace(/\p{C}|[\u2028\u2029]/gu, '?');
}

function styleOf(status: number | null, fault: unknown): Style {
  if (fault !== null || status === null || status >= 500) return 'red';
  return status >= 400 ? 'yellow' : 'green';
}
