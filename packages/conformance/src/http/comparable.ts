import type { Exchange } from './exchange.ts';

/**
 * A response as facts by name: the status, each header, each field of a JSON body. What the request brought along (its
 * ids) is replaced, so that a response may quote it.
 */
export function factsOf(exchange: Exchange): ReadonlyMap<string, string> {
  const [response] = exchange.responses;
  if (!response) return new Map([['status', exchange.failure ?? 'nothing']]);
  const ids = exchange.request.target.split(/[/?&=]/).filter((part) => part.length > 8);
  const plain = (text: string) => ids.reduce((rest, id) => rest.replaceAll(id, '<id>'), text);
  const facts = new Map([['status', `${response.status}`]]);
  for (const [name, value] of response.headers) {
    const key = `header ${name.toLowerCase()}`;
    facts.set(key, `${facts.get(key) ?? ''}${plain(value)};`);
  }
  for (const [name, value] of fieldsOf(response.body.toString('utf8')))
    facts.set(name, plain(value));
  return facts;
}

/** The names of what differs, headers in small letters. */
export function differences(left: Exchange, right: Exchange): string[] {
  const [one, other] = [factsOf(left), factsOf(right)];
  return [...new Set([...one.keys(), ...other.keys()])].filter(
    (name) => one.get(name) !== other.get(name),
  );
}

function fieldsOf(text: string): [string, string][] {
  try {
    return leaves(JSON.parse(text), 'body');
  } catch {
    return [['body', text]];
  }
}

function leaves(value: unknown, at: string): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[at, `${value}`]];
  return Object.entries(value).flatMap(([key, one]) => leaves(one, `${at}.${key}`));
}
