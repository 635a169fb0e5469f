/**
 * What a server's own team adds to a run: the things that cannot be had through the API alone.
 *
 * A setup module has this function as its default export and is given with `--setup ./my-setup.js` or as the option
 * `setup` of `verify()`. It is called once, before the first request; what it returns is keyed by capability. Every
 * capability is optional: a check that needs a missing one is reported as "not exercised" and never as passed.
 *
 * If it rejects, the run ends before the first check, with its message.
 */
export type SetupFunction = (context: SetupContext) => Promise<Setup> | Setup;

/** Identity function that gives a setup module its types: `export default defineSetup(async (context) => ({ … }))`. */
export function defineSetup(setup: SetupFunction): SetupFunction {
  return setup;
}

export interface SetupContext {
  /** The server under test, without a slash at the end. */
  readonly baseUrl: string;
  /** The token from the environment; undefined where none is set. */
  readonly token: string | undefined;
  /** Seed of the run, for a setup that makes random choices too. */
  readonly seed: number;
}

/** The contract's operation that a check is about to call. */
export interface CheckedOperation {
  /** The `operationId`. */
  readonly id: string;
  /** In capitals. */
  readonly method: string;
  /** Path template with each parameter in braces. */
  readonly path: string;
}

export interface Setup {
  /**
   * Token of the tenant that the run acts as. Wins over the one from the environment, so that a setup that creates a
   * tenant can hand over its token.
   */
  token?: string | undefined;

  /** Credentials by the name of their security scheme, where the contract has several. They win over `token`. */
  credentials?: Readonly<Record<string, string>> | undefined;

  /**
   * Whether the server insists on a token, or the ids of the operations for which it does; the others must work without
   * one. Where the contract says "a token or none", the kit cannot know.
   * `true`: without a token and with a bad one the response must be 401 or 403.
   * `false`: the server must respond without a token as it does with one. Missing: of these checks only a call without a
   * token is exercised, where the contract asks for one.
   */
  requiresToken?: boolean | readonly string[] | undefined;

  /** A token that the server must refuse. Default: a random string. Only used where `requiresToken` is true. */
  badToken?: string | undefined;

  /**
   * What a retry of an operation that removes something gets. The contract may leave it open, so a server's team says
   * which it promises. Missing: either is fine.
   */
  retries?: 'success' | 'not-found' | undefined;

  /**
   * Texts that must never appear in a response, such as a database's host name, a role name or the password.
   * The kit looks for stack traces, SQL and paths in any case.
   */
  secrets?: readonly string[] | undefined;

  /**
   * A subject that exists, belongs to the run's tenant and on which the operation succeeds: for an operation that closes
   * a session, a session that is open now. Called once for every subject that is needed (about fifty in a run), several
   * at a time. Resolve with undefined for an operation that this setup knows nothing about.
   */
  live?(operation: CheckedOperation): Promise<Subject | undefined>;

  /**
   * A subject on which the operation cannot finish in time, so that the response must be 408: for an operation that
   * closes a session, one that ignores being closed. `recover` makes it normal again, after which the same call must
   * succeed.
   */
  stuck?(operation: CheckedOperation): Promise<StuckSubject | undefined>;

  /**
   * Makes something inside the server fail, so that the response must be 500: the database is away, a dependency
   * throws. No other request is sent between this call and `recover`.
   */
  innerFault?(operation: CheckedOperation): Promise<StuckSubject | undefined>;

  /**
   * Another tenant of the same server. Its subjects must be out of reach of the run's own token, and the other way
   * round, and must look like unknown ids.
   */
  secondTenant?:
    | {
        readonly token?: string | undefined;
        /** As those of the run's own tenant. */
        readonly credentials?: Readonly<Record<string, string>> | undefined;
        /** A subject that exists and belongs to this second tenant. */
        live(operation: CheckedOperation): Promise<Subject | undefined>;
      }
    | undefined;

  /** A call that the server must refuse with 403, for instance with the token of a tenant that is suspended. */
  forbidden?(operation: CheckedOperation): Promise<ForbiddenCall | undefined>;

  /**
   * Brings a server back that does not respond any more, and resolves when it does. Without it, every check after the
   * fatal one is reported as not exercised.
   */
  restart?(): Promise<void>;

  /** Called once at the end of the run, also after a failed one: release everything that was prepared. */
  close?(): Promise<void>;
}

export interface Subject {
  /**
   * Values of the operation's parameters, keyed by their names in the contract. They must keep the contract's limits.
   */
  readonly params: Readonly<Record<string, unknown>>;
  /** The request body with which the operation succeeds. Default: the contract's own example, where one is required. */
  readonly body?: unknown;
  /**
   * Whether the subject still exists, asked on the server's own side (in its database, say) and not through the API.
   * Without it the kit cannot see that a refused call left the subject alone: those checks are not exercised.
   */
  isOpen?(): Promise<boolean>;
  /** Called once when the check is over, whether or not the subject still exists. */
  release?(): Promise<void>;
}

export interface StuckSubject extends Subject {
  /** Ends the trouble: the subject can be acted on again. Called once, before `release`. */
  recover(): Promise<void>;
}

export interface ForbiddenCall extends Subject {
  /** The token to send. */
  readonly token?: string | undefined;
  /** Credentials by the name of their security scheme. */
  readonly credentials?: Readonly<Record<string, string>> | undefined;
}
