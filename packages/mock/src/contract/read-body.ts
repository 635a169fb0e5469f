import {
  type Contract,
  essenceOf,
  isJson,
  kindOfMediaType,
  type MediaType,
} from '@sql-sessions/contract/model';
import { shapeOf } from '../schemas/shape.ts';
import { type Pairs, readPairs, splitPairs } from './read-parameters.ts';

/** What a request body is to a schema, or why it cannot be read. */
export type ReadBody =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** The contract's schema says nothing about such bytes. */
  | { readonly kind: 'opaque' };

/** Reads a request body as the type that it was sent with says. */
export async function readBodyValue(
  contract: Contract,
  documented: MediaType,
  contentType: string,
  { text, bytes }: { text: string; bytes?: Uint8Array<ArrayBuffer> | undefined },
): Promise<ReadBody> {
  const essence = essenceOf(contentType);
  if (isJson(essence)) {
    // RFC 8259, 8.1: JSON travels in UTF-8; the bytes are there where a body is not.
    if (bytes) return { kind: 'unreadable', reason: 'is not JSON: not UTF-8' };
    try {
      return { kind: 'value', value: JSON.parse(text) };
    } catch (error) {
      const [reason] = String(error instanceof Error ? error.message : error).split('\n');
      return { kind: 'unreadable', reason: `is not JSON: ${reason}` };
    }
  }
  if (essence === 'application/x-www-form-urlencoded') {
    return { kind: 'value', value: readForm(contract, documented, splitPairs(text)) };
  }
  if (essence === 'multipart/form-data')
    return readParts(contract, documented, contentType, bytes ?? text);
  const { types } = shapeOf(contract, documented.schema ?? {});
  if (kindOfMediaType(essence) === 'text' && types.has('string'))
    return { kind: 'value', value: text };
  return { kind: 'opaque' };
}

function readForm(contract: Contract, documented: MediaType, pairs: Pairs): unknown {
  const shape = shapeOf(contract, documented.schema ?? {});
  const value = new Map<string, unknown>();
  const sent = Map.groupBy(pairs, ([name]) => name);
  for (const name of new Set([...shape.properties.keys(), ...sent.keys()])) {
    const schema = shape.property(name) ?? {};
    const encoding = Object.hasOwn(documented.encoding, name)
      ? documented.encoding[name]
      : undefined;
    const { types } = shapeOf(contract, schema);
    // The defaults of OpenAPI 3.1, 4.8.15.1: objects are JSON, and so is what is said to be.
    const asJson = isJson(encoding?.contentType) || (types.has('object') && !encoding);
    const [read] = readPairs(
      contract,
      {
        name,
        schema,
        style: encoding?.style ?? 'form',
        explode: encoding?.explode ?? true,
        mediaType: asJson ? 'application/json' : undefined,
      },
      // A property may be written under other names as well.
      shape.properties.has(name) ? pairs : (sent.get(name) ?? []),
    );
    if (read !== undefined) value.set(name, read);
  }
  return Object.fromEntries(value);
}

async function readParts(
  contract: Contract,
  documented: MediaType,
  contentType: string,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<ReadBody> {
  let form: FormData;
  try {
    form = await new Response(body, {
      headers: { 'content-type': contentType },
    }).formData();
  } catch {
    return { kind: 'unreadable', reason: 'is not multipart/form-data with the announced boundary' };
  }
  const pairs: [string, string][] = [];
  for (const [name, part] of form) {
    pairs.push([name, encodeURIComponent(typeof part === 'string' ? part : await part.text())]);
  }
  return { kind: 'value', value: readForm(contract, documented, pairs) };
}
