import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { ContractModel } from './contract/contract-model.ts';
import { type ContractEvent, followContract } from './contract/live-contract.ts';
import { loadContract } from './contract/load-contract.ts';
import { createControlApi } from './control/control-api.ts';
import { createFrontDoor } from './door/front-door.ts';
import { InputError } from './input-error.ts';
import { Player } from './play/player.ts';
import type { ScenarioInput } from './play/scenario.ts';
import { DEFAULT_SETTINGS, readSettings, type SettingsInput } from './play/settings.ts';
import { createMask } from './record/mask-secrets.ts';
import type { RecordedRequest } from './record/recorded-request.ts';
import { Recorder } from './record/recorder.ts';

export interface MockOptions extends SettingsInput {
  /** Path of an OpenAPI 3.1 document, JSON or YAML. Default: the contract of `@sql-sessions/contract`. */
  spec?: string;
  /** Address to listen on. Default: 127.0.0.1 */
  host?: string;
  /** Port to listen on; 0 takes any free one. Default: 4010 */
  port?: number;
  /** What every call gets until it is changed; `reset` goes back to it. Default: the usual answers. */
  scenario?: ScenarioInput;
  /** Whether browsers may send cookies and the like across origins. Default: false */
  credentials?: boolean;
  /** Whether the mock follows changes of the document and of the files that it refers to. Default: false */
  watch?: boolean;
  /** Called after every request of the contract. It must not throw. */
  onRequest?: (request: RecordedRequest) => void;
  /** Called when the watched document was loaded anew, is broken, or is mended. It must not throw. */
  onContract?: (event: ContractEvent) => void;
}

export interface Mock extends AsyncDisposable {
  /** Where the mock answers, without a slash at the end: `http://127.0.0.1:4010`. */
  readonly url: string;
  readonly port: number;
  /** The contract that is served now. */
  readonly contract: ContractModel;
  /** The last 500 requests of the contract, oldest first, with secrets masked. */
  readonly requests: readonly RecordedRequest[];
  /**
   * Sets what calls get: one answer (`404`, `'NotFound'`), a sequence (`[408, 408, 200]`), or with a target
   * (`{ steps: 404, params: { session_id: 's-1' } }`). `null` takes every scenario away.
   * @throws {InputError} that lists what the contract documents
   */
  scenario(input: ScenarioInput | null): void;
  /**
   * Changes what is mentioned and leaves the rest.
   * @throws {InputError} that says what is valid
   */
  settings(input: SettingsInput): void;
  /** All is as it was at the start: scenario and settings; every session is open; no request is listed. */
  reset(): void;
  /** Stops listening, ends every open connection and resolves when nothing is left. */
  close(): Promise<void>;
}

/**
 * Starts a mock of the contract and resolves when it answers. Nothing is printed.
 * @throws {ContractError} where the document cannot be used
 * @throws {InputError} where an option is not valid
 * @throws Node's own error where it cannot listen, with `code` `EADDRINUSE` for a port that is taken
 */
export async function startMock({
  spec,
  host = '127.0.0.1',
  port = 4010,
  scenario,
  credentials = false,
  watch = false,
  onRequest,
  onContract,
  ...rest
}: MockOptions = {}): Promise<Mock> {
  const settings = readSettings(rest, DEFAULT_SETTINGS);
  // Node would take it for every address that the machine has.
  if (host === '') throw new InputError('host is an address to listen on, such as 127.0.0.1.');
  const file = spec ?? fileURLToPath(import.meta.resolve('@sql-sessions/contract/openapi.json'));
  // The contract that comes along was checked when it was built.
  const loaded = await loadContract(file, spec !== undefined);
  const onEvent = (event: ContractEvent) => {
    mask = createMask(contract.current.model);
    control.showState();
    onContract?.(event);
  };
  const contract = followContract(file, loaded, { watch, onEvent });
  const recorder = new Recorder();
  let mask = createMask(loaded.model);
  let player: Player;
  try {
    player = new Player(() => contract.current, settings, scenario);
  } catch (error) {
    contract.close();
    throw error;
  }
  const control = createControlApi({ spec: file, contract, player, recorder });
  const server = createFrontDoor({
    contract,
    player,
    control,
    credentials,
    record(request) {
      const recorded = recorder.add({
        ...request,
        target: mask.target(request.target),
        headers: mask.headers(request.headers),
      });
      control.showRequest(recorded);
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

  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    contract.close();
    throw error;
  }
  const address = server.address() as AddressInfo;
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  const changed = (change: () => void) => {
    change();
    control.showState();
  };
  return {
    url: `http://${shown}:${address.port}`,
    port: address.port,
    get contract() {
      return contract.current.model;
    },
    get requests() {
      return recorder.list();
    },
    scenario: (input) => changed(() => player.setScenario(input)),
    settings: (input) => changed(() => player.setSettings(input)),
    reset: () =>
      changed(() => {
        player.reset();
        recorder.clear();
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
}
