import { ApiError } from './api-error.ts';
import type { Result } from './result.ts';

/**
 * For those who like exceptions: resolves to the success, and rejects with an {@link ApiError} for every other response.
 */
export async function unwrap<R extends Result>(
  result: R | Promise<R>,
): Promise<Extract<R, { ok: true }>> {
  const settled: Result = await result;
  if (settled.ok) return settled as Extract<R, { ok: true }>;
  throw new ApiError(settled as ConstructorParameters<typeof ApiError>[0]);
}
