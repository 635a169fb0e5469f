import { fileURLToPath } from 'node:url';
import { show } from './behavior/check-input.ts';
import { hostOf, originOf } from './control/access.ts';
import { parseUrl } from './http/parse-url.ts';
import { InputError } from './input-error.ts';

type Rule = readonly [isRight: (value: unknown) => boolean, expected: string];

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isPlace = (value: unknown): value is string | URL => isText(value) || value instanceof URL;
const isList = (value: unknown, isRight: (text: string) => unknown) =>
  Array.isArray(value) && value.every((one) => isText(one) && isRight(one));

const FLAG: Rule = [(value) => typeof value === 'boolean', 'true or false'];
const FUNCTION: Rule = [(value) => typeof value === 'function', 'a function'];

/** The options but for the settings and the scenario, which have schemas. */
const RULES: Readonly<Record<string, Rule>> = {
  spec: [
    (value) => isPlace(value) && placeOf(value) !== undefined,
    'the path or URL of a document',
  ],
  // Node would take an empty one for every interface of the machine.
  host: [isText, 'a host to listen on, such as 127.0.0.1'],
  port: [
    (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535,
    'a whole number from 0 to 65535',
  ],
  basePath: [(value) => isText(value) && /^(both|only|none)$/.test(value), 'both, only or none'],
  upstream: [
    isUpstream,
    'a URL of http or https without credentials, query and fragment, such as http://127.0.0.1:8080',
  ],
  cors: FLAG,
  credentials: FLAG,
  allowHosts: [(value) => isList(value, hostOf), 'a list of names of hosts, such as mock.test'],
  allowOrigins: [
    (value) => isList(value, originOf),
    'a list of origins, such as https://preview.example, or of *',
  ],
  tls: [
    (value) => {
      const { cert, key } = Object(value);
      return isPlace(cert) && isPlace(key);
    },
    'an object with the paths cert and key',
  ],
  remoteRefs: FLAG,
  watch: FLAG,
  onRequest: FUNCTION,
  onContract: FUNCTION,
};

/**
 * Checks what `startMock` is called with.
 * @throws {InputError} that says what is valid
 */
export function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new InputError(`Got ${show(options)}; it must be an object of options.`);
  for (const [name, [isRight, expected]] of Object.entries(RULES)) {
    const { [name]: value } = options as Record<string, unknown>;
    if (value === undefined || isRight(value)) continue;
    const shown = value === '' ? 'empty' : show(value).replace(/\/\/[^/]*@/, '//***@');
    throw new InputError(`${name} is ${shown}; it must be ${expected}.`);
  }
}

/** The path or URL of a document, whose URL may be that of a file; undefined where that leads to no file. */
export function placeOf(spec: string | URL): string | undefined {
  const text = String(spec);
  if (!/^file:/i.test(text)) return text;
  try {
    return fileURLToPath(text);
  } catch {
    return undefined;
  }
}

function isUpstream(value: unknown): boolean {
  const url = isPlace(value) ? parseUrl(String(value)) : undefined;
  const { protocol = '', username, password, search, hash } = url ?? {};
  return /^https?:$/.test(protocol) && !(username || password || search || hash);
}
