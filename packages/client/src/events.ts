import type { RequestErrorKind } from './request-error.ts';

/** What `onEvent` is told. Times are in milliseconds. */
export type ClientEvent = AttemptEvent | WaitEvent | OutcomeEvent;

/** What every event says. */
export interface EventBase {
  /** The `operationId`. */
  readonly operation: string;
}

/** An attempt has ended: with an HTTP response (`httpStatus`) or without one (`kind`). */
export interface AttemptEvent extends EventBase {
  /** Tells events apart. */
  readonly type: 'attempt';
  /** 1 for the first. */
  readonly attempt: number;
  /** How long it took. */
  readonly duration: number;
  /** The status on the wire. */
  readonly httpStatus: number | undefined;
  /** Why there is no response. */
  readonly kind: RequestErrorKind | undefined;
  /**
   * The response headers that are safe to log: content-type, content-length, date, retry-after, server, via, and those
   * that carry a request id.
   */
  readonly headers: Readonly<Record<string, string>>;
}

/** The call waits before its next attempt. */
export interface WaitEvent extends EventBase {
  /** Tells events apart. */
  readonly type: 'wait';
  /** The attempt that is waited for. */
  readonly attempt: number;
  /** How long the wait is. */
  readonly delay: number;
}

/** The call has ended. */
export interface OutcomeEvent extends EventBase {
  /** Tells events apart. */
  readonly type: 'outcome';
  /** How many requests were sent. */
  readonly attempts: number;
  /** How long the call took. */
  readonly duration: number;
  /** `status` of the {@link Result}, if there is one. */
  readonly status: number | string | undefined;
  /** `kind` of the {@link RequestError}, if there is no response. */
  readonly kind: RequestErrorKind | undefined;
}

/** Tells the listener. One that fails must not change what happens to a request. */
export function tell(
  onEvent: ((event: ClientEvent) => unknown) | undefined,
  event: () => ClientEvent,
): void {
  if (!onEvent) return;
  try {
    const given = onEvent(event()) as PromiseLike<unknown> | undefined;
    given?.then?.(undefined, () => undefined);
  } catch {}
}
