import type { Credential, SecurityAlternative, SecurityScheme } from './contract.ts';
import {
  asList,
  asNode,
  asText,
  BrokenReferenceError,
  childOf,
  extensionsOf,
  type Node,
  resolve,
} from './references.ts';
import { optional } from './values.ts';

export type SecuritySchemes = ReadonlyMap<string, SecurityScheme>;

export function readSecuritySchemes(document: Node): SecuritySchemes {
  const at = '#/components/securitySchemes';
  const entries = Object.entries(asNode(asNode(document.components).securitySchemes));
  return new Map(
    entries.map(([name, entry]) => {
      const { node, pointer } = resolve(document, entry, childOf(at, name));
      const httpScheme = optional(node.scheme)?.toLowerCase();
      const flows = Object.entries(asNode(node.flows)).filter(([flow]) => !flow.startsWith('x-'));
      return [
        name,
        {
          name,
          type: asText(node.type) as SecurityScheme['type'],
          description: asText(node.description),
          credential: credentialOf(node, httpScheme),
          httpScheme,
          bearerFormat: optional(node.bearerFormat),
          flows: Object.fromEntries(
            flows.map(([flow, value]) => {
              const { authorizationUrl, tokenUrl, refreshUrl, scopes } = asNode(value);
              return [
                flow,
                {
                  authorizationUrl: optional(authorizationUrl),
                  tokenUrl: optional(tokenUrl),
                  refreshUrl: optional(refreshUrl),
                  scopes: asNode(scopes) as Record<string, string>,
                },
              ];
            }),
          ),
          openIdConnectUrl: optional(node.openIdConnectUrl),
          pointer,
          extensions: extensionsOf(node),
        },
      ];
    }),
  );
}

/** What a security scheme puts into a request; undefined: nothing. */
export function credentialOf(node: Node, httpScheme?: string): Credential | undefined {
  const authorization = (prefix: string): Credential => ({
    in: 'header',
    name: 'Authorization',
    prefix,
  });
  switch (node.type) {
    case 'apiKey':
      return { in: asText(node.in) as Credential['in'], name: asText(node.name), prefix: '' };
    case 'http':
      // The schemes of RFC 7235 are words whose first letter is a capital by custom, not by rule.
      return authorization(
        `${(httpScheme ?? '').replace(/^./, (letter) => letter.toUpperCase())} `,
      );
    case 'oauth2':
    case 'openIdConnect':
      return authorization('Bearer ');
    default:
      return undefined;
  }
}

/** @throws {BrokenReferenceError} for a scheme that the document does not define */
export function readAlternatives(
  schemes: SecuritySchemes,
  security: unknown,
  pointer: string,
): SecurityAlternative[] {
  return asList(security).map((alternative) => ({
    schemes: Object.entries(asNode(alternative)).map(([name, scopes]) => {
      const scheme = schemes.get(name);
      if (!scheme)
        throw new BrokenReferenceError(`${pointer}: there is no security scheme ${name}`);
      return { scheme, scopes: asList(scopes).map(asText) };
    }),
  }));
}
