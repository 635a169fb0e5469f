import type { Operation, Parameter, Response, Value } from '../../src/model.ts';

/**
 * A call that the service sends (a webhook, a callback) in the form of one that it gets: what it sends, callers read, like
 * a response; how they may respond is for them to choose, like a request. So the same rules rate both.
 */
export function asIncoming(call: Operation): Operation {
  const { parameters, requestBody, responses, pointer } = call;
  const headers: Value[] = parameters.map((one) => ({ ...one, name: `${one.in} ${one.name}` }));
  if (requestBody) headers.push({ ...EMPTY, ...requestBody, name: 'request body' });
  const sent: Response = {
    ...EMPTY,
    pointer: requestBody?.pointer ?? pointer,
    status: '200',
    description: requestBody?.description ?? '',
    headers,
    content: requestBody?.content ?? [],
  };
  const choices = responses.map(({ status, headers, content, pointer }) => ({
    status,
    headers: headers.map(
      (one): Parameter => ({ ...EMPTY, ...one, in: 'header', name: `${status} ${one.name}` }),
    ),
    content: (content.length > 0 ? content : [{ ...EMPTY, mediaType: 'no body', pointer }]).map(
      (one) => ({ ...one, mediaType: `${status} ${one.mediaType}` }),
    ),
  }));
  return {
    ...call,
    parameters: choices.flatMap(({ headers }) => headers),
    requestBody: {
      ...EMPTY,
      pointer,
      required: true,
      description: responses
        .map(({ status, description }) => `${status}: ${description}`)
        .sort()
        .join('\n'),
      content: choices.flatMap(({ content }) => content),
    },
    responses: [sent],
  };
}

const EMPTY = {
  allowEmptyValue: false,
  allowReserved: false,
  deprecated: false,
  encoding: {},
  examples: [],
  explode: false,
  extensions: {},
  links: [],
  mediaType: undefined,
  outcome: '',
  reasonPhrase: undefined,
  retry: '',
  schema: {},
  style: 'simple',
} as const;
