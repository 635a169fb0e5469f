import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { Contract } from '@sql-sessions/contract/model';
import type { ScenarioInput } from './behavior/scenario.ts';
import { DEFAULT_SETTINGS, readSettings, type SettingsInput } from './behavior/settings.ts';
import { checkOptions, placeOf } from './check-options.ts';
import { type ContractEvent, followContract } from './contract/live-contract.ts';
import { loadContract } from './contract/load-contract.ts';
import { hostOf, originOf } from './control/access.ts';
import { createControlApi } from './control/control-api.ts';
import { InputError } from './input-error.ts';
import { type Expectation, verifyRequests } from './record/filter-requests.ts';
import { createMask } from './record/mask-secrets.ts';
import type { RecordedRequest } from './record/recorded-request.ts';
import { createMockServer } from './server/server.ts';
import { SPACE_NAME, type Space, Spaces } from './spaces.ts';
import { createUpstream } from './upstream.ts';

export interface MockOptions extends SettingsInput {
  /** Path or URL of an OpenAPI document, JSON or YAML; `file:` is a URL too. Default: the contract of `@sql-sessions/contract`. */
  spec?: string | URL;
  /** Host to listen on. Default: 127.0.0.1 */
  host?: string;
  /** Port to listen on; 0 takes any free one. Default: 4010 */
  port?: number;
  /** What every call gets until it is changed; `reset` goes back to it. Default: the default responses. */
  scenario?: ScenarioInput;
  /**
   * Whether paths are found below those of the contract's `servers` as well (`both`), only there (`only`), or only as
   * the contract has them (`none`). Default: both
   */
  basePath?: 'both' | 'only' | 'none';
  /**
   * URL of a real server, for what no scenario covers, without credentials, query and fragment; its responses are checked
   * against the contract.
   */
  upstream?: string | URL;
  /** Whether responses carry CORS headers. Default: true */
  cors?: boolean;
  /** Whether browsers may send cookies and the like across origins. Default: false */
  credentials?: boolean;
  /** Names of hosts under which the control API may be called, beside those of this machine. */
  allowHosts?: readonly string[];
  /** Origins of pages that may call the control API, beside those of this machine; `*` for all. */
  allowOrigins?: readonly string[];
  /** Paths of the certificate and the private key (PEM) with which it serves HTTPS. */
  tls?: { cert: string | URL; key: string | URL };
  /** Whether references of the document to other places are followed. Default: false */
  remoteRefs?: boolean;
  /** Whether the mock follows changes of the document and of the files that it refers to. Default: false */
  watch?: boolean;
  /** Called after every request, also one that was refused. It must not throw. */
  onRequest?: (request: RecordedRequest) => void;
  /** Called when the watched document was loaded anew, is broken, or is usable again. It must not throw. */
  onContract?: (event: ContractEvent) => void;
}

/** Defaults of the options beside the settings; a test ties the docstrings, the help text and the README to them. */
export const DEFAULTS = {
  host: '127.0.0.1',
  port: 4010,
  basePath: 'both',
  cors: true,
  credentials: false,
  remoteRefs: false,
  watch: false,
} as const;

/** What a mock does for the calls of one space. */
export interface MockSpace {
  /** Where calls of this space go, without a slash at the end: `http://127.0.0.1:4010`. */
  readonly url: string;
  /** The last 500 requests, oldest first, with secrets masked. */
  readonly requests: readonly RecordedRequest[];
  /**
   * Sets what calls get: one response (`404`, `'NotFound'`), a sequence (`[408, 408, 200]`), or with a target
   * (`{ steps: 404, params: { session_id: 's-1' } }`). `null` takes every scenario away.
   * @throws {InputError} that lists what the contract documents
   */
  scenario(input: ScenarioInput | null): void;
  /**
   * Changes what is mentioned and leaves the rest.
   * @throws {InputError} that says what is valid
   */
  settings(input: SettingsInput): void;
  /**
   * Counts requests: `verify({ operation: 'closeSession', times: 2 })`.
   * @returns how many there were
   * @throws {InputError} where it is another number; its message lists what there was
   */
  verify(expectation: Expectation): number;
  /** All is as it was at the start: scenario and settings; nothing is deleted; no request is listed. */
  reset(): void;
}

export interface Mock extends MockSpace, AsyncDisposable {
  readonly port: number;
  /** The contract that is served now. */
  readonly contract: Contract;
  /** What in its document the mock does not support, a sentence each; it is served all the same. */
  readonly notices: readonly string[];
  /**
   * A space of its own beside the default one: its calls carry the header `X-Mock-Space`, the cookie `mock-space`, or go
   * to its `url`.
   * @throws {InputError} where the name is not 1 to 100 letters, digits, dots, hyphens and underscores, or is `.` or `..`
   */
  space(name: string): MockSpace;
  /** Stops listening, ends every open connection and resolves when nothing is left. */
  close(): Promise<void>;
}

/**
 * Starts a mock of the contract and resolves when it responds. Nothing is printed.
 * @throws {ContractError} where the document cannot be used
 * @throws {InputError} where an option is not valid, or Node is older than 22.12
 * @throws Node's own error where it cannot listen, with `code` `EADDRINUSE` for a port that is taken
 */
export async function startMock(given: MockOptions = {}): Promise<Mock> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 12)) {
    throw new InputError(
      `@sql-sessions/mock needs Node 22.12 or newer, and this is ${process.versions.node}.`,
    );
  }
  checkOptions(given);
  const {
    host = DEFAULTS.host,
    port = DEFAULTS.port,
    scenario,
    basePath = DEFAULTS.basePath,
    upstream,
    cors = DEFAULTS.cors,
    credentials = DEFAULTS.credentials,
    allowHosts = [],
    allowOrigins = [],
    tls,
    remoteRefs = DEFAULTS.remoteRefs,
    watch = DEFAULTS.watch,
    onRequest,
    onContract,
    spec: document,
    ...rest
  } = given;
  const spec = document === undefined ? undefined : placeOf(document);
  const options = { spec, basePath, remoteRefs };
  const loaded = await loadContract(options);
  const settings = readSettings(rest, DEFAULT_SETTINGS, loaded.contract);
  const keys = tls && (await readKeys(tls));
  let mask = createMask(loaded.contract);
  const contract = followContract(options, loaded, {
    watch,
    onEvent(event) {
      mask = createMask(contract.current.contract);
      control.showState();
      onContract?.(event);
    },
  });
  const access = {
    hosts: [host, ...allowHosts].map(hostOf),
    origins: allowOrigins.map(originOf),
  };
  const control = createControlApi({ spec: spec ?? loaded.files[0] ?? '', contract, access });
  let spaces: Spaces;
  try {
    const current = () => contract.current;
    const forward = upstream === undefined ? undefined : createUpstream(new URL(upstream), current);
    spaces = new Spaces(current, settings, scenario, forward);
  } catch (error) {
    contract.close();
    throw error;
  }
  let count = 0;
  const server = createMockServer({
    contract,
    spaces,
    control,
    cors,
    credentials,
    tls: keys,
    record(space, request) {
      const { response } = request;
      count += 1;
      const recorded = {
        ...request,
        id: count,
        target: mask.target(request.target),
        headers: mask.headers(request.headers),
        response: response && mask.response(response),
      };
      space.recorder.add(recorded);
      control.showRequest(space, recorded);
      onRequest?.(recorded);
    },
  });

  async function close() {
    contract.close();
    control.close();
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    contract.close();
    throw error;
  }
  const listening = server.address() as AddressInfo;
  const shown = listening.family === 'IPv6' ? `[${listening.address}]` : listening.address;
  const url = `${tls ? 'https' : 'http'}://${shown}:${listening.port}`;

  function spaceOf({ name, behavior, recorder }: Space): MockSpace {
    const changed = (change: () => void) => {
      change();
      control.showState();
    };
    return {
      url: name === '' ? url : `${url}/__space/${name}`,
      get requests() {
        return recorder.list();
      },
      scenario: (input) => changed(() => behavior.setScenario(input)),
      settings: (input) => changed(() => behavior.setSettings(input)),
      verify: (expectation) => verifyRequests(recorder.list(), expectation),
      reset: () =>
        changed(() => {
          behavior.reset();
          recorder.clear();
        }),
    };
  }

  return Object.defineProperties(spaceOf(spaces.default), {
    port: { value: listening.port, enumerable: true },
    contract: { get: () => contract.current.contract, enumerable: true },
    notices: { get: () => contract.current.notices, enumerable: true },
    space: {
      value(name: string) {
        if (typeof name === 'string' && SPACE_NAME.test(name)) return spaceOf(spaces.get(name));
        throw new InputError(
          `"${name}" cannot name a space; a name has 1 to 100 letters, digits, dots, hyphens and underscores, and is neither . nor ..`,
        );
      },
    },
    close: { value: close },
    [Symbol.asyncDispose]: { value: close },
  }) as Mock;
}

/** A certificate and its private key, which are tried out: a server would say what is wrong when it is called. */
async function readKeys(files: NonNullable<MockOptions['tls']>) {
  const keys = { cert: await readKey(files.cert), key: await readKey(files.key) };
  try {
    createSecureContext(keys);
  } catch (error) {
    throw new InputError(
      `${files.cert} and ${files.key} are not a certificate and its private key in PEM: ${(error as Error).message.replace(/^error:\w+:/, '')}.`,
    );
  }
  return keys;
}

async function readKey(file: string | URL): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new InputError(`${file} cannot be read: ${error.message}`);
  });
}
