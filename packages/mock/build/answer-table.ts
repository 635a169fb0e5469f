import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { OperationModel } from '../src/contract/contract-model.ts';
import type { Choice, EngineRequest } from '../src/contract/engine.ts';
import { type LoadedContract, loadContract } from '../src/contract/load-contract.ts';
import { loadPrism, type PrismOperations } from '../src/contract/prism.ts';
import type { Answer } from '../src/door/problem.ts';
import {
  ACCEPT_HEADERS,
  type Accepted,
  type AnswerTable,
  type JsonSchema,
  type OperationAnswers,
} from '../src/msw/answer-table-type.ts';
import { askEngine } from '../src/play/ask-engine.ts';

type PrismOperation = PrismOperations[number];

/** Asks Prism for every answer that the contract documents, and for what it refuses a call with. */
export async function makeAnswerTable(): Promise<AnswerTable> {
  const spec = fileURLToPath(import.meta.resolve('@sql-sessions/contract/openapi.json'));
  const contract = await loadContract(spec, false);
  const prism = await loadPrism().getHttpOperationsFromSpec(
    JSON.parse(await readFile(spec, 'utf8')),
  );
  const operations: Record<string, OperationAnswers> = {};
  for (const operation of contract.model.operations) {
    const source = prism.find(
      ({ method, path }) => method.toUpperCase() === operation.method && path === operation.path,
    );
    if (source) operations[operation.id] = await answersOf(contract, operation, source);
  }
  return { model: contract.model, operations };
}

async function answersOf(
  contract: LoadedContract,
  operation: OperationModel,
  source: PrismOperation,
): Promise<OperationAnswers> {
  const good = exampleRequest(operation, source);
  const ask = async (request: EngineRequest, choice: Choice = {}): Promise<Answer> => {
    const { status, headers, body } = await askEngine(contract.engine, request, choice);
    return { status, headers, body };
  };
  const { headers } = good;
  const bodyOf = (text: string, type: string): EngineRequest => ({
    ...good,
    text,
    headers: { ...headers, 'content-type': type, 'content-length': String(text.length) },
  });
  const noToken = await contract.strictEngine.answer({ ...good, headers: {} }, {});
  const answers = {} as Record<Accepted, Record<string, Answer>>;
  for (const [accepted, accept] of Object.entries(ACCEPT_HEADERS) as [Accepted, string?][]) {
    const request = accept === undefined ? good : { ...good, headers: { ...headers, accept } };
    answers[accepted] = {};
    for (const [key, choice] of choicesOf(operation)) {
      answers[accepted][key] = await ask(request, choice);
    }
  }
  const broken = operation.path.replaceAll(
    /\{[^}]+\}/g,
    encodeURIComponent('/ not valid /'.repeat(20)),
  );
  const { path = [], query = [], headers: declared = [], body } = source.request ?? {};
  const toParameter =
    (place: 'path' | 'query' | 'header') =>
    (parameter: { name: string; required?: boolean; schema?: object }) => ({
      in: place,
      name: parameter.name,
      required: parameter.required ?? false,
      schema: plain(parameter.schema),
    });
  return {
    parameters: [
      ...path.map(toParameter('path')),
      ...query.map(toParameter('query')),
      ...declared.map(toParameter('header')),
    ],
    ...(body && {
      body: {
        required: body.required ?? false,
        contents: (body.contents ?? []).map(({ mediaType, schema }) => ({
          mediaType,
          schema: plain(schema),
        })),
      },
    }),
    needsToken:
      (source.security ?? []).length > 0 &&
      source.security?.every((list) => list.length > 0) === true,
    answers,
    refused: {
      invalid: await ask({ ...good, path: broken }),
      unsupportedType: await ask(bodyOf('text', 'text/plain')),
      noToken: { status: noToken.status, headers: noToken.headers, body: noToken.body },
    },
  };
}

function choicesOf({ answers }: OperationModel): [string, Choice][] {
  const choices: [string, Choice][] = [['', {}]];
  for (const { status, examples } of answers) {
    if (!/^\d{3}$/.test(status)) continue;
    choices.push([status, { code: Number(status) }]);
    for (const example of examples) {
      choices.push([`${status}:${example}`, { code: Number(status), exampleKey: example }]);
    }
  }
  return choices;
}

function exampleRequest({ method, examplePath, secrets }: OperationModel, source: PrismOperation) {
  const [content] = source.request?.body?.required ? (source.request.body.contents ?? []) : [];
  const [example] = content?.examples ?? [];
  const text = example && 'value' in example ? JSON.stringify(example.value) : undefined;
  const headers: Record<string, string> = {};
  for (const secret of secrets)
    if (secret.in === 'header') headers[secret.name.toLowerCase()] = 'token';
  if (content && text !== undefined) {
    headers['content-type'] = content.mediaType;
    headers['content-length'] = String(text.length);
  }
  return { method, path: examplePath, query: new URLSearchParams(), headers, text };
}

/** A schema without what Prism adds to it for itself. */
function plain(schema: object | undefined): JsonSchema {
  return JSON.parse(
    JSON.stringify(schema ?? {}, (key, value) =>
      key.startsWith('x-stoplight') ? undefined : value,
    ),
  );
}
