import type { Contract, Example, Operation, Parameter } from '../src/model.ts';
import { plainText } from './canonical/plain-text.ts';
import { operationKey } from './canonical/print-contract.ts';
import { stableJson } from './canonical/stable-json.ts';
import { compareLinks } from './compare-links.ts';
import { compareAlternatives, compareSchemes, sharedSchemes } from './compare-security.ts';
import { compareServers } from './compare-servers.ts';
import { type Add, bare, type Found, type Meaning, WORDING } from './found.ts';

/** What the canonical documents leave out: names, security, servers, examples and links. */
export function compareRest(before: Contract, after: Contract): Found[] {
  const found: Found[] = [
    ...compareSchemaNames(before, after),
    ...compareSchemes(before, after),
    ...compareWords(before, after),
  ];
  const shared = sharedSchemes(before, after);
  for (const [old, now] of pairs(before.operations, after.operations)) {
    const where = `${now.method} ${now.path}`;
    const add = (kind: Found['kind'], meaning: Meaning, values: object = {}) =>
      found.push({ kind, where, ...meaning, ...values, pointer: now.pointer, gone: false });
    compareTemplate(old, now, add);
    compareAlternatives(old, now, shared, add);
    compareServers(old.servers, now.servers, add);
    compareLinks([before, old], [after, now], add);
    compareExamples(old, now, add);
  }
  for (const [old, now] of pairs(before.webhooks, after.webhooks)) {
    const { pointer, path: where } = now;
    compareExamples(old, now, (kind, meaning, values) =>
      found.push({ kind, where, ...meaning, ...values, pointer, gone: false }),
    );
  }
  return found;
}

function pairs(
  before: readonly Operation[],
  after: readonly Operation[],
): [Operation, Operation][] {
  const old = new Map(before.map((one) => [operationKey(one), one]));
  return after.flatMap((now) => {
    const one = old.get(operationKey(now));
    return one ? [[one, now] as [Operation, Operation]] : [];
  });
}

function compareTemplate(old: Operation, now: Operation, add: Add): void {
  const names = ({ path }: Operation) =>
    [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name);
  const [before, after] = [names(old), names(now)];
  if (before.join() === after.join()) return;
  const exchanged = [...before].sort().join() === [...after].sort().join();
  add(
    'modified',
    {
      rating: 'major',
      what: exchanged
        ? 'Parameters of the path changed places.'
        : 'A parameter of the path has another name.',
      rule: exchanged ? 'our/path-parameters-exchanged' : 'our/parameter-renamed',
      affects: exchanged ? ['callers', 'types'] : ['types'],
      reason: exchanged
        ? 'Callers pass parameters by name, so the same code calls something else.'
        : 'The wire is the same, but callers pass parameters to the client by name.',
      migration: exchanged
        ? 'Compare the path and pass each value under the name that it has now.'
        : 'Pass the parameter under its new name.',
    },
    { before: old.path, after: now.path },
  );
}

const EXAMPLES: Meaning = {
  rating: 'patch',
  what: 'Examples show something else.',
  rule: 'our/example',
  affects: ['readers'],
  reason: 'Examples bind nobody. The mock responds with the new one.',
};

function compareExamples(old: Operation, now: Operation, add: Add): void {
  const [before, after] = [examplesOf(old), examplesOf(now)];
  const changed = [...before].filter(([part, examples]) => {
    const others = after.get(part);
    return others !== undefined && stableJson(examples) !== stableJson(others);
  });
  if (changed.length === 0) return;
  const values = [before, after].map((all) =>
    Object.fromEntries(changed.map(([part]) => [part, all.get(part)])),
  );
  add('modified', EXAMPLES, { before: values[0], after: values[1] });
}

/** Those of each part of an operation, and of the calls that it leads to, by their names. */
function examplesOf(operation: Operation): Map<string, Record<string, unknown>> {
  const { path, parameters, requestBody, responses, callbacks } = operation;
  const own: [string, { readonly examples: readonly Example[] }][] = [
    ...parameters.map((one) => [`${one.in} ${positionIn(path, one)}`, one] as const),
    ...(requestBody?.content ?? []).map((one) => [`body ${one.mediaType}`, one] as const),
    ...responses.flatMap(({ status, headers, content }) => [
      ...headers.map((one) => [`${status} ${one.name.toLowerCase()}`, one] as const),
      ...content.map((one) => [`${status} ${one.mediaType}`, one] as const),
    ]),
  ].map(([part, one]) => [part, one]);
  return new Map([
    ...own.map(
      ([part, { examples }]) =>
        [
          part,
          Object.fromEntries(
            examples.map(({ name, pointer: _, ...rest }, index) => [name || index, bare(rest)]),
          ),
        ] as const,
    ),
    ...callbacks.flatMap(({ name, expression, operations }) =>
      operations.flatMap((call) =>
        [...examplesOf(call)].map(
          ([part, one]) => [`${name} ${expression} ${call.method} ${part}`, one] as const,
        ),
      ),
    ),
  ]);
}

/** Path parameters may be renamed. */
function positionIn(path: string, { in: place, name }: Parameter): string | number {
  return place === 'path' ? path.split('{').findIndex((one) => one.startsWith(`${name}}`)) : name;
}

/** What is said about the whole contract. */
function compareWords(before: Contract, after: Contract): Found[] {
  const words = ({ info, tags }: Contract) => {
    const { title, summary, description, license, termsOfService } = info;
    const declared = tags.filter((tag) => tag.declared);
    return new Map<string, unknown>(
      [
        ...Object.entries({ title, summary, description, license, termsOfService })
          .map(([key, value]) => [`info/${key}`, value] as const)
          .filter(([, value]) => value !== undefined),
        ...declared.map((tag) => [`tags/${tag.name}`, tag.description] as const),
      ].map(([key, value]) => [key, typeof value === 'string' ? plainText(value) : value]),
    );
  };
  const [old, now] = [words(before), words(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((place): Found[] => {
    const [a, b] = [old.get(place), now.get(place)];
    if (old.has(place) === now.has(place) && stableJson(a) === stableJson(b)) return [];
    const where = place.replace('/', ' › ');
    const isTag = place.startsWith('tags/');
    const pointer = isTag ? '#/tags' : `#/${place}`;
    const kind = !old.has(place) ? 'added' : now.has(place) ? 'modified' : 'removed';
    const name = place.slice(place.indexOf('/') + 1);
    const thing = isTag ? `tag \`${name}\`` : `\`${name}\` of the contract`;
    const what = `${thing} ${kind === 'modified' ? 'is said in other words' : `was ${kind}`}.`;
    const gone = kind === 'removed';
    return [{ ...WORDING, what, kind, where, before: a, after: b, pointer, gone }];
  });
}

/** Component schemas are exported by name, by the types and as JSON Schema files. */
function compareSchemaNames(before: Contract, after: Contract): Found[] {
  const names = (contract: Contract) =>
    new Map(contract.schemas.filter(({ component }) => component).map((one) => [one.name, one]));
  const [old, now] = [names(before), names(after)];
  const used = new Set(
    stableJson(bare([after.operations, after.webhooks, after.schemas])).match(
      /#\/components\/schemas\/[^"]+/g,
    ),
  );
  const found: Found[] = [];
  for (const [name, { pointer }] of old) {
    if (now.has(name)) continue;
    found.push({
      kind: 'removed',
      where: `components › schemas › ${name}`,
      rating: 'major',
      what: `schema \`${name}\` was removed, or has another name.`,
      rule: 'our/schema-name-removed',
      affects: ['types'],
      reason: 'The name is exported by the types and is the name of a JSON Schema file.',
      migration: 'Import the type under its new name, or do without it.',
      pointer,
      gone: true,
    });
  }
  for (const [name, { pointer }] of now) {
    // One that others refer to is a way to write those.
    if (old.has(name) || used.has(`#/components/schemas/${name}`)) continue;
    found.push({
      kind: 'added',
      where: `components › schemas › ${name}`,
      rating: 'minor',
      what: `schema \`${name}\` was added.`,
      rule: 'our/schema-name-added',
      affects: ['types'],
      reason: 'The types export one more name.',
      pointer,
      gone: false,
    });
  }
  return found;
}
