import { RequestError } from '@sql-sessions/client';
import type { Outcome } from './show-outcome.ts';

/** Says why there is no answer. A browser does not tell a page, so the panel finds out what it can. */
export async function explainNoAnswer(error: unknown, address: string): Promise<Outcome> {
  if (!(error instanceof RequestError)) return { title: 'It failed', text: String(error) };
  switch (error.kind) {
    case 'invalid-argument':
    case 'token':
      return { title: 'Nothing was sent', text: said(error.message) };
    case 'aborted':
      return {
        title: 'Cancelled',
        text: 'The request was ended here. The server may have acted on it.',
      };
    case 'connection':
    case 'refused':
    case 'reset':
      return noConnection(address);
    default:
      return { title: 'No answer', text: error.message };
  }
}

async function noConnection(address: string): Promise<Outcome> {
  const url = new URL(address);
  if (location.protocol === 'https:' && url.protocol === 'http:' && !isLocal(url.hostname)) {
    return {
      title: 'The browser blocked it',
      text: `This page came over https, and browsers do not let such a page call ${url.origin} over http. Use an https address, or serve the reference locally.`,
    };
  }
  // A plain request without token or headers: it gets through where only CORS was in the way.
  const listening = await fetch(url.origin, {
    mode: 'no-cors',
    credentials: 'omit',
    cache: 'no-store',
  }).then(
    () => true,
    () => false,
  );
  return listening
    ? {
        title: 'CORS forbids it',
        text: `Something listens at ${url.origin}, but it does not allow pages from ${location.origin} to call it, so the browser keeps the answer to itself. The curl command is not bound by CORS.`,
      }
    : {
        title: 'Nothing listens there',
        text: `No server answered at ${url.origin}. Start the mock with "npx @sql-sessions/mock", or correct the address.`,
      };
}

/** The client names its own options; the reader sees fields. */
function said(message: string): string {
  return message
    .replaceAll(/\bbaseUrl\b/g, 'The address')
    .replace(/^\w+: /, '')
    .replace(/ Nothing was sent\.$/, '')
    .replace(/, or set allowInsecureHttp/, '');
}

function isLocal(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
