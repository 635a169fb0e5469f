import type { Contract, Link, Operation, Server } from '../src/model.ts';
import { operationKey } from './canonical/print-contract.ts';
import { stableJson } from './canonical/stable-json.ts';
import type { Change } from './change.ts';

/** A change before the place in the source is looked up. */
export type Found = Omit<Change, 'at'> & { pointer: string; gone: boolean };

type Meaning = Pick<Found, 'rating' | 'what' | 'reason' | 'affects' | 'rule' | 'migration'>;

/** What the canonical documents leave out: names, security, servers, examples and links. */
export function compareRest(before: Contract, after: Contract): Found[] {
  const found: Found[] = [...compareSchemaNames(before, after), ...compareWords(before, after)];
  for (const [old, now] of pairs(before.operations, after.operations)) {
    const where = `${now.method} ${now.path}`;
    const add = (kind: Found['kind'], meaning: Meaning, values: object = {}) =>
      found.push({ kind, where, ...meaning, ...values, pointer: now.pointer, gone: false });
    compareTemplate(old, now, add);
    compareSecurity(old, now, add);
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

type Add = (kind: Found['kind'], meaning: Meaning, values?: object) => void;

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

/** Each alternative as text that holds whatever callers have to know about it. */
function alternatives({ security }: Operation): Set<string> {
  const texts = security.map(({ schemes }) =>
    schemes
      .map(({ scheme, scopes }) => {
        const { type, credential, httpScheme, flows, openIdConnectUrl } = scheme;
        const name = credential?.in === 'header' ? credential.name.toLowerCase() : credential?.name;
        const place = credential === undefined ? '' : ` ${credential.in} ${name}`;
        const details = [httpScheme, openIdConnectUrl].filter(Boolean).join(' ');
        const flow = Object.keys(flows).length > 0 ? stableJson(flows) : '';
        return [type + place, details, flow, [...scopes].sort().join(' ')]
          .filter(Boolean)
          .join(' ');
      })
      .sort()
      .join(' and '),
  );
  return new Set(texts.length > 0 ? texts : ['']);
}

function compareSecurity(old: Operation, now: Operation, add: Add): void {
  const [before, after] = [alternatives(old), alternatives(now)];
  const words = (text: string) => text || 'no credentials';
  const values = { before: [...before].map(words), after: [...after].map(words) };
  const lost = [...before].filter((one) => !after.has(one));
  const gained = [...after].filter((one) => !before.has(one));
  if (lost.length > 0) {
    const elsewhere = gained.length > 0;
    add(
      'modified',
      {
        rating: 'major',
        what: `Calls with ${lost.map(words).join(' or with ')} are not accepted any more.`,
        rule: 'our/security-lost',
        affects: elsewhere ? ['callers', 'servers'] : ['callers'],
        reason: 'Calls that were accepted are refused.',
        migration: 'Send the credentials that the contract now asks for.',
      },
      values,
    );
  } else if (gained.length > 0) {
    add(
      'modified',
      {
        rating: 'minor',
        what: `Calls with ${gained.map(words).join(' or with ')} are accepted as well.`,
        rule: 'our/security-gained',
        affects: ['callers', 'servers'],
        reason: 'The old ways stay.',
      },
      values,
    );
  }
}

function compareServers(before: readonly Server[], after: readonly Server[], add: Add): void {
  const now = new Map(after.map((server) => [server.url, server]));
  const old = new Map(before.map((server) => [server.url, server]));
  const lost = (what: string, values: object) =>
    add(
      'modified',
      {
        rating: 'major',
        what,
        rule: 'our/server-lost',
        affects: ['callers'],
        reason: 'Calls go to a place that is not promised any more.',
        migration: 'Give your client the new base URL.',
      },
      values,
    );
  const gained = (what: string, values: object) =>
    add(
      'modified',
      {
        rating: 'minor',
        what,
        rule: 'our/server-gained',
        affects: ['callers'],
        reason: 'The old one stays.',
      },
      values,
    );
  for (const url of now.keys())
    if (!old.has(url)) gained(`Server \`${url}\` was added.`, { after: url });
  for (const [url, server] of old) {
    const match = now.get(url);
    if (match === undefined) lost(`Server \`${url}\` was removed.`, { before: url });
    else {
      for (const variable of server.variables) {
        const other = match.variables.find(({ name }) => name === variable.name);
        if (other === undefined) continue;
        const values = { before: withoutWords(variable), after: withoutWords(other) };
        const name = `variable \`${variable.name}\` of server \`${url}\``;
        if (variable.default !== other.default) lost(`The default of ${name} changed.`, values);
        else if (!isWithin(variable.enum, other.enum)) lost(`The ${name} lost values.`, values);
        else if (!isWithin(other.enum, variable.enum))
          gained(`The ${name} may have more values.`, values);
        else if (variable.description !== other.description)
          reworded(`The ${name}`, add, variable, other);
      }
      if (server.description !== match.description)
        reworded(`Server \`${url}\``, add, server, match);
    }
  }
}

function withoutWords({ default: value, enum: values }: Server['variables'][number]): object {
  return { default: value, ...(values.length > 0 && { enum: values }) };
}

/** Whether everything that the first list allows is allowed by the second; an empty list allows all. */
function isWithin(inner: readonly string[], outer: readonly string[]): boolean {
  return outer.length === 0 || (inner.length > 0 && inner.every((value) => outer.includes(value)));
}

function reworded(
  what: string,
  add: Add,
  before: { description: string },
  after: { description: string },
): void {
  add(
    'modified',
    { ...WORDING, what: `${what} is described in other words.` },
    {
      before: before.description,
      after: after.description,
    },
  );
}

const WORDING = {
  rating: 'patch',
  affects: ['readers'],
  rule: 'our/words',
  reason: 'The promise is the same in other words. If it is not, rate it higher by hand.',
} as const satisfies Partial<Meaning>;

const EXAMPLES: Meaning = {
  rating: 'patch',
  what: 'Examples show something else.',
  rule: 'our/example',
  affects: ['readers'],
  reason: 'Examples bind nobody. The mock responds with the new one.',
};

function compareExamples(old: Operation, now: Operation, add: Add): void {
  const [before, after] = [examplesOf(old), examplesOf(now)];
  if (stableJson(before) !== stableJson(after)) add('modified', EXAMPLES, { before, after });
}

/** Those of an operation and of the calls that it leads to. */
function examplesOf({ parameters, requestBody, responses, callbacks }: Operation): unknown[] {
  return [
    ...[
      ...parameters,
      ...(requestBody?.content ?? []),
      ...responses.flatMap(({ headers, content }) => [...headers, ...content]),
    ].flatMap(({ examples }) => bare(examples)),
    ...callbacks.flatMap(({ operations }) => operations.flatMap(examplesOf)),
  ];
}

type In = readonly [Contract, Operation];

/** A link by its parts: where it leads to, and with what. */
function compareLinks(before: In, after: In, add: Add): void {
  const [old, now] = [linksOf(before), linksOf(after)];
  const tell = (what: string, meaning: keyof typeof LINKS, values: object) =>
    add('modified', { what, ...LINKS[meaning] }, values);
  for (const [name, link] of old) {
    const other = now.get(name);
    if (other === undefined) {
      // A response that is gone is told as such.
      const [status = ''] = name.split(' ');
      if (after[1].responses.some((one) => one.status === status))
        tell(`Link \`${name}\` was removed.`, 'lost', { before: link });
      continue;
    }
    const differs = (part: keyof typeof link) => stableJson(link[part]) !== stableJson(other[part]);
    const values = { before: link, after: other };
    if (differs('leads')) tell(`Link \`${name}\` leads elsewhere.`, 'lost', values);
    else if (differs('carries')) {
      const onlyMore = Object.entries(link.carries).every(
        ([key, value]) => stableJson(value) === stableJson(other.carries[key]),
      );
      tell(`Link \`${name}\` carries other values.`, onlyMore ? 'gained' : 'unknown', values);
    } else if (differs('words'))
      add(
        'modified',
        { ...WORDING, what: `Link \`${name}\` is described in other words.` },
        values,
      );
  }
  for (const [name, link] of now)
    if (!old.has(name)) tell(`Link \`${name}\` was added.`, 'gained', { after: link });
}

const LINKS = {
  lost: {
    rating: 'major',
    rule: 'our/link-lost',
    affects: ['callers'],
    reason: 'Callers that follow the link by its name get elsewhere.',
    migration: 'Call the operation that you need by its own name.',
  },
  gained: {
    rating: 'minor',
    rule: 'our/link-gained',
    affects: ['callers', 'servers'],
    reason: 'Callers who do not know it do without.',
  },
  unknown: {
    rating: 'unknown',
    rule: 'our/unknown',
    affects: ['callers', 'servers', 'types'],
    reason: 'No rule knows whether the old values still lead there, so its author has to say it.',
  },
} satisfies Record<string, Omit<Meaning, 'what'>>;

/** Links by status and name. */
function linksOf([{ operations }, { responses }]: In) {
  const target = ({ operationId, operationRef }: Link) => {
    const one = operations.find(
      ({ id, pointer }) => id === operationId || pointer === operationRef,
    );
    return one ? operationKey(one) : (operationId ?? operationRef);
  };
  return new Map(
    responses.flatMap(({ status, links }) =>
      links.map((link) => {
        const parameters = Object.entries(link.parameters).map(
          ([name, value]) => [name.replace(/^(path|query|header|cookie)\./, ''), value] as const,
        );
        const body = link.requestBody === undefined ? {} : { 'the request body': link.requestBody };
        return [
          `${status} ${link.name}`,
          {
            leads: [target(link), link.server?.defaultUrl],
            carries: { ...Object.fromEntries(parameters), ...body } as Record<string, unknown>,
            words: link.description,
          },
        ] as const;
      }),
    ),
  );
}

/** Without the places that things were read from, extensions, and links to other documentation. */
export function bare(value: unknown): unknown {
  const isPlace = (key: string, node: unknown) => key === 'pointer' && `${node}`.startsWith('#/');
  return JSON.parse(
    JSON.stringify(value, (key, node) =>
      isPlace(key, node) || key === 'extensions' || key === 'externalDocs' ? undefined : node,
    ),
  );
}

/** What is said about the whole contract. */
function compareWords(before: Contract, after: Contract): Found[] {
  const words = ({ info, tags }: Contract) => {
    const { title, summary, description, license, termsOfService } = info;
    const declared = tags.filter((tag) => tag.declared);
    return new Map<string, unknown>([
      ...Object.entries({ title, summary, description, license, termsOfService }).map(
        ([key, value]) => [`info/${key}`, value] as const,
      ),
      ...declared.map((tag) => [`tags/${tag.name}`, tag.description] as const),
    ]);
  };
  const [old, now] = [words(before), words(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((place): Found[] => {
    const [a, b] = [old.get(place), now.get(place)];
    if (stableJson(a) === stableJson(b)) return [];
    const where = place.replace('/', ' › ');
    const what = `${where} is said in other words.`;
    const pointer = place.startsWith('tags/') ? '#/tags' : `#/${place}`;
    return [
      { ...WORDING, what, kind: 'modified', where, before: a, after: b, pointer, gone: false },
    ];
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
  const schemes = new Set(after.securitySchemes.map(({ name }) => name));
  for (const { name, pointer } of before.securitySchemes) {
    if (schemes.has(name)) continue;
    found.push({
      kind: 'removed',
      where: `components › securitySchemes › ${name}`,
      rating: 'major',
      what: `security scheme \`${name}\` was removed, or has another name.`,
      rule: 'our/security-scheme-name-removed',
      affects: ['types'],
      reason: 'Callers give their tokens by the names of schemes.',
      migration: 'Give the token under its new name.',
      pointer,
      gone: true,
    });
  }
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
