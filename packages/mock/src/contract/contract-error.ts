/** A contract cannot be used. The message is one line: which file, where in it, what is wrong. */
export class ContractError extends Error {
  override name = 'ContractError';
  /** The files that were read; fixing one of them may help. */
  readonly files: string[];

  constructor(message: string, files: string[]) {
    super(message);
    this.files = files;
  }
}
