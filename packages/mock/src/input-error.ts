/** Something a person set is wrong. The message is one line: what was wrong, what was expected. */
export class InputError extends Error {
  override name = 'InputError';
}
