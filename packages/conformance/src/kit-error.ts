/** Why a run could not begin. `input`: something given to it is wrong; `server`: the server or its setup cannot be used. */
export type KitErrorKind = 'input' | 'server';

/** Thrown before the first check. Its message says what was wrong, what was expected and what to do. */
export class KitError extends Error {
  override name = 'KitError';
  readonly kind: KitErrorKind;

  constructor(kind: KitErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
