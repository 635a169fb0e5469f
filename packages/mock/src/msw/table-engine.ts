import { Validator } from '@cfworker/json-schema';
import type { OperationModel } from '../contract/contract-model.ts';
import type { Engine, EngineAnswer, EngineRequest } from '../contract/engine.ts';
import { findOperation } from '../contract/find-operation.ts';
import { parseBody } from '../door/parse-body.ts';
import type { Accepted, AnswerTable, JsonSchema, OperationAnswers } from './answer-table-type.ts';

/** Answers from a table as Prism would, without Prism. */
export function createTableEngine(
  { model, operations }: AnswerTable,
  { strictToken }: { strictToken: boolean },
): Engine {
  return {
    async answer(request, choice) {
      const { operation, params } = findOperation(model, request.method, request.path);
      const answers = operation && operations[operation.id];
      if (!operation || !answers) throw new Error('The player finds the operation first.');
      if ((strictToken || answers.needsToken) && !hasToken(operation, request)) {
        return { ...answers.refused.noToken, violations: ['the token is missing'] };
      }
      const refused = checkBody(answers, request) ?? checkParameters(answers, request, params);
      if (refused) return refused;
      if (choice.dynamic)
        return notInTable('dynamic answers are made by the server only, not by the MSW handlers');
      const wanted = [choice.code, choice.exampleKey].filter((part) => part !== undefined);
      const found = answers.answers[acceptedBy(request)][wanted.join(':')];
      return found
        ? { ...found, violations: [] }
        : notInTable('the MSW handlers do not have this answer');
    },
  };
}

function checkBody(
  { body, refused }: OperationAnswers,
  { text, headers }: EngineRequest,
): EngineAnswer | undefined {
  if (!body) {
    if (text === undefined) return undefined;
    return { ...refused.unsupportedType, violations: ['no body is taken'] };
  }
  const type = headers['content-type'];
  const value = text === undefined ? null : parseBody(text, type);
  if (body.required && !value) return { ...refused.invalid, violations: ['the body is missing'] };
  if (text === undefined) return undefined;
  const content =
    type === undefined
      ? body.contents[0]
      : body.contents.find(({ mediaType }) => kindOf(mediaType) === kindOf(type));
  if (!content) return { ...refused.unsupportedType, violations: [`no body of type ${type}`] };
  // As with Prism, a body of null is none.
  if (value === null) return undefined;
  const problems = check(value, content.schema);
  if (problems.length === 0) return undefined;
  return { ...refused.invalid, violations: problems.map((problem) => `Request body ${problem}`) };
}

/** A media type as Prism compares them: without parameters, and `application/vnd.api+json` is as good as JSON. */
function kindOf(mediaType: string): string {
  const [essence = ''] = mediaType.split(';');
  return essence
    .trim()
    .toLowerCase()
    .replace(/\/.+\+/, '/');
}

function checkParameters(
  { parameters, refused }: OperationAnswers,
  { query, headers }: EngineRequest,
  params: Record<string, string>,
): EngineAnswer | undefined {
  const violations = parameters.flatMap(({ in: place, name, required, schema }) => {
    const value =
      place === 'path'
        ? params[name]
        : place === 'query'
          ? (query.get(name) ?? undefined)
          : headers[name.toLowerCase()];
    if (value === undefined)
      return required ? [`Request ${place} parameter ${name} is missing`] : [];
    return check(coerce(value, schema), schema).map(
      (problem) => `Request ${place} parameter ${name} ${problem}`,
    );
  });
  return violations.length > 0 ? { ...refused.invalid, violations } : undefined;
}

const validators = new WeakMap<JsonSchema, Validator>();

function check(value: unknown, schema: JsonSchema): string[] {
  const validator = validators.get(schema) ?? new Validator(schema, '2020-12', false);
  validators.set(schema, validator);
  return validator.validate(value).errors.map(({ error }) => error);
}

/** Parameters are text; a schema may want a number or a truth value. */
function coerce(value: string, { type }: JsonSchema): unknown {
  if (
    (type === 'integer' || type === 'number') &&
    value.trim() !== '' &&
    !Number.isNaN(Number(value))
  )
    return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

function hasToken({ secrets }: OperationModel, { headers, query }: EngineRequest): boolean {
  return secrets.some(({ in: place, name }) =>
    place === 'query' ? query.has(name) : headers[name.toLowerCase()] !== undefined,
  );
}

function acceptedBy({ headers: { accept } }: EngineRequest): Accepted {
  if (accept === undefined) return 'unsaid';
  if (accept.includes('*/*')) return 'any';
  return /application\/(\*|json)/.test(accept) ? 'json' : 'other';
}

function notInTable(detail: string): EngineAnswer {
  return {
    status: 501,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({
      type: 'urn:sql-sessions:mock:not-in-msw',
      title: 'Only on the server',
      status: 501,
      detail,
    }),
    violations: [detail],
    error: 'NOT_IN_MSW',
  };
}
