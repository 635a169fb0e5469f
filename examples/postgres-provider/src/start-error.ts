/** Something outside the program is not as it must be to start; the message says what, and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
