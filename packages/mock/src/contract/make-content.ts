import {
  type Contract,
  essenceOf,
  type Header,
  isJson,
  type MediaType,
  type Response,
  writeParameter,
} from '@sql-sessions/contract/model';
import { FRAMING, headerSafe, isToken } from '../http/header.ts';
import type { MockResponse } from '../http/message.ts';
import type { Checker } from '../schemas/checker.ts';
import type { Choice, Content, ContentSource } from './engine.ts';
import { generateValue } from './generate-value.ts';

/** Headers of which the mock knows better than a contract does. */
const OWN = /^(content-encoding|content-type|date)$/i;

/** Makes responses from the examples and schemas of a contract. */
export function createContentSource(contract: Contract, checker: Checker): ContentSource {
  const made = new WeakMap<Response, Map<string, Content | undefined>>();

  async function make(response: Response, media: MediaType | undefined, choice: Choice) {
    const headers: Record<string, string | readonly string[]> = {};
    for (const header of response.headers) {
      const { name } = header;
      if (FRAMING.test(name) || OWN.test(name) || !isToken(name)) continue;
      const text = await headerText(header, choice);
      if (text !== undefined) headers[name.toLowerCase()] = text;
    }
    if (!media) return { headers, body: undefined };
    const named = choice.example === undefined ? undefined : choice.example;
    const examples = choice.dynamic && media.schema ? [] : media.examples;
    const example = examples.find(
      ({ name, value }) => value !== undefined && (named === undefined || name === named),
    );
    // A text or a file of which nothing is said is an empty one.
    const unsaid = isJson(concreteType(media.mediaType)) ? {} : { const: '' };
    const made = example
      ? undefined
      : await generateValue(contract, checker, media.schema ?? unsaid, choice);
    // Where nothing at random keeps the schema, what the contract shows does.
    const shown =
      made?.isSound === false ? media.examples.find(({ value }) => value !== undefined) : undefined;
    const found = example ?? shown ?? made;
    if (!found) return undefined;
    const mediaType = concreteType(media.mediaType);
    const body = await serialize(found.value, mediaType);
    if (body === undefined) return { headers, body };
    const type = headerSafe(mediaType) === mediaType && { 'content-type': mediaType };
    return { headers: { ...headers, ...type }, body };
  }

  async function headerText(header: Header, choice: Choice) {
    const [example] = header.examples.filter(({ value }) => value !== undefined);
    const found = example ?? (await generateValue(contract, checker, header.schema, choice));
    if (!found || found.value === null || found.value === undefined) return undefined;
    const { value } = found;
    if (header.name.toLowerCase() === 'set-cookie' && Array.isArray(value)) {
      return value.map((one) => headerSafe(String(one)));
    }
    return headerSafe(writeParameter({ ...header, in: 'header', allowReserved: false }, value));
  }

  return async (_operation, response, media, choice) => {
    if (choice.dynamic) return make(response, media, choice);
    const here = made.get(response) ?? new Map<string, Content | undefined>();
    made.set(response, here);
    const key = JSON.stringify([media?.mediaType, choice.example]);
    if (!here.has(key)) here.set(key, await make(response, media, choice));
    return here.get(key);
  };
}

/** Common types of the ranges that a response can be documented with; for any other it is JSON. */
const CONCRETE: Readonly<Record<string, string>> = {
  'text/*': 'text/plain',
  'image/*': 'image/png',
  'audio/*': 'audio/mpeg',
  'video/*': 'video/mp4',
  'font/*': 'font/woff2',
};

function concreteType(documented: string): string {
  if (!documented.includes('*')) return documented;
  return CONCRETE[essenceOf(documented)] ?? 'application/json';
}

async function serialize(value: unknown, mediaType: string): Promise<MockResponse['body']> {
  if (value === undefined) return undefined;
  if (isJson(mediaType)) return JSON.stringify(value);
  if (typeof value === 'string') return value;
  if (/[/+]xml$/.test(essenceOf(mediaType))) {
    const { XMLBuilder } = await import('fast-xml-parser');
    return new XMLBuilder({}).build({ xml: value });
  }
  return JSON.stringify(value);
}
