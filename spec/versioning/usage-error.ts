/** Something its user can fix. The message is all they see: what is wrong, and what to do. Exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
