/** What the bin ends with. */
export const EXIT = {
  /** Ended by a signal or with its parent, or after --help and --version. */
  ok: 0,
  /** A fault of the mock itself. */
  internal: 1,
  /** A flag, or the value of one, is not valid. The bin ends with it on an older Node than it needs, too. */
  usage: 2,
  /** The contract file is missing, cannot be read or is not sound. */
  contract: 3,
  /** It cannot listen on the host and port, most often because the port is taken. */
  listen: 4,
} as const;
