import type { Choice, Engine, EngineAnswer, EngineRequest } from '../contract/engine.ts';

/**
 * Asks for an answer. Where `Accept` would lead the engine from the wanted status to another one, the wanted
 * status counts for more: it is asked for once more without `Accept`.
 */
export async function askEngine(
  engine: Engine,
  request: EngineRequest,
  choice: Choice,
): Promise<EngineAnswer> {
  const answer = await engine.answer(request, choice);
  if (choice.code === undefined || answer.status === choice.code) return answer;
  if (answer.error === undefined && answer.violations.length > 0) return answer;
  if (request.headers.accept === undefined) return answer;
  const { accept: _, ...headers } = request.headers;
  return engine.answer({ ...request, headers }, choice);
}
