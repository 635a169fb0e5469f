/** An OpenAPI 3.1 document in which nothing is left to interpret. Plain data: it can be printed as JSON. */
export interface Contract {
  /** Version of the OpenAPI specification that the document names. */
  readonly openapi: string;
  readonly info: Info;
  readonly servers: readonly Server[];
  /** Declared tags in document order, then those that operations use without a declaration. */
  readonly tags: readonly Tag[];
  /** Groups of tags (`x-tagGroups`), in document order. */
  readonly tagGroups: readonly TagGroup[];
  readonly externalDocs: ExternalDocs | undefined;
  readonly securitySchemes: readonly SecurityScheme[];
  /** Every operation under `paths`, in document order. */
  readonly operations: readonly Operation[];
  /** Operations under `webhooks`; their `path` is the name of the webhook. */
  readonly webhooks: readonly Operation[];
  /**
   * Every schema that has a name: the component schemas in document order, then schemas that a `$ref` reaches inside
   * another part of the document, under a name made from that place. All `$ref`s of the model's schemas lead to
   * `#/components/schemas/NAME` with a name of this list.
   */
  readonly schemas: readonly NamedSchema[];
  readonly extensions: Extensions;
}

export interface Info {
  readonly title: string;
  /** `info.version`: the version of the contract. */
  readonly version: string;
  readonly summary: string;
  /** Markdown, like every description of the model; empty where the document has none. */
  readonly description: string;
  readonly termsOfService: string | undefined;
  readonly contact: { readonly name?: string; readonly url?: string; readonly email?: string };
  readonly license:
    | { readonly name: string; readonly identifier?: string; readonly url?: string }
    | undefined;
  readonly extensions: Extensions;
}

export interface Server {
  /** As written, variables in braces. */
  readonly url: string;
  /** The URL with the default of each variable. */
  readonly defaultUrl: string;
  readonly description: string;
  readonly variables: readonly ServerVariable[];
}

export interface ServerVariable {
  readonly name: string;
  readonly default: string;
  /** The only values that are allowed; empty: any. */
  readonly enum: readonly string[];
  readonly description: string;
}

export interface Tag {
  readonly name: string;
  readonly description: string;
  readonly externalDocs: ExternalDocs | undefined;
  /** Whether the document declares it. */
  readonly declared: boolean;
}

export interface TagGroup {
  readonly name: string;
  readonly tags: readonly string[];
}

export interface ExternalDocs {
  readonly url: string;
  readonly description: string;
}

/** Fields whose names begin with `x-`. */
export type Extensions = { readonly [name: `x-${string}`]: unknown };

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'OPTIONS' | 'HEAD' | 'PATCH' | 'TRACE';

/** A part of the document. */
export interface Part {
  /** JSON pointer, as a fragment, to where the part is defined: `#/components/parameters/SessionId`. */
  readonly pointer: string;
  readonly extensions: Extensions;
}

export interface Operation extends Part {
  /** The `operationId`; method and path where the document gives none. */
  readonly id: string;
  readonly method: Method;
  /** Path template with each parameter in braces. */
  readonly path: string;
  /** The operation's own, or that of its path; the id where there is none. */
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  readonly externalDocs: ExternalDocs | undefined;
  /** Those of the path and of the operation; the operation's replaces the path's of the same place and name. */
  readonly parameters: readonly Parameter[];
  readonly requestBody: RequestBody | undefined;
  readonly responses: readonly Response[];
  /** The alternatives, any of which is enough. Empty: the operation takes no credentials. */
  readonly security: readonly SecurityAlternative[];
  /** Its own, its path's, or the document's. */
  readonly servers: readonly Server[];
  readonly callbacks: readonly Callback[];
}

export interface Callback {
  readonly name: string;
  /** The runtime expression that gives the URL. */
  readonly expression: string;
  readonly operations: readonly Operation[];
}

export type Style =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'deepObject';

/** What parameters and response headers have in common. */
export interface Value extends Part {
  readonly name: string;
  readonly required: boolean;
  readonly deprecated: boolean;
  readonly description: string;
  /** How the value is written, where `mediaType` is undefined. Defaults are filled in. */
  readonly style: Style;
  readonly explode: boolean;
  /** The media type that the value is written in, for a parameter that is described by `content`. */
  readonly mediaType: string | undefined;
  readonly schema: Schema;
  readonly examples: readonly Example[];
}

export interface Parameter extends Value {
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly allowReserved: boolean;
  readonly allowEmptyValue: boolean;
}

export type Header = Value;

export interface RequestBody extends Part {
  readonly required: boolean;
  readonly description: string;
  readonly content: readonly MediaType[];
}

export interface Response extends Part {
  /** The key in the document: `404`, a range such as `4XX` (in upper case), or `default`. */
  readonly status: string;
  readonly description: string;
  readonly headers: readonly Header[];
  /** Empty: no body is documented. */
  readonly content: readonly MediaType[];
  readonly links: readonly Link[];
  /** `x-reason-phrase`: the reason phrase that the service sends with the status. */
  readonly reasonPhrase: string | undefined;
  /** `x-outcome`: whether the operation was carried out, in Markdown; empty: not said. */
  readonly outcome: string;
  /** `x-retry`: whether to retry, and after what, in Markdown; empty: not said. */
  readonly retry: string;
}

export interface MediaType extends Part {
  /** As written: `application/json`, `text/*`. */
  readonly mediaType: string;
  /** Undefined: the document does not say. */
  readonly schema: Schema | undefined;
  readonly examples: readonly Example[];
  /** How single properties of a form are written, by name. */
  readonly encoding: Readonly<Record<string, Encoding>>;
}

export interface Encoding {
  readonly contentType: string | undefined;
  readonly headers: readonly Header[];
  readonly style: Style;
  readonly explode: boolean;
  readonly allowReserved: boolean;
}

export interface Example {
  /** Name under `examples`; empty for `example` and for an example of the schema. */
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly value: unknown;
  /** Where the value is, if the document does not hold it. */
  readonly externalValue: string | undefined;
  readonly pointer: string;
}

export interface Link extends Part {
  readonly name: string;
  readonly description: string;
  readonly operationId: string | undefined;
  readonly operationRef: string | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly requestBody: unknown;
  /** The server that the operation is called on, if not its own. */
  readonly server: Server | undefined;
}

/** All of these schemes together. Empty: nothing is needed. */
export interface SecurityAlternative {
  readonly schemes: readonly {
    readonly scheme: SecurityScheme;
    readonly scopes: readonly string[];
  }[];
}

export interface SecurityScheme extends Part {
  /** Name under `components.securitySchemes`. */
  readonly name: string;
  readonly type: 'apiKey' | 'http' | 'mutualTLS' | 'oauth2' | 'openIdConnect';
  readonly description: string;
  /** Where the credential travels; undefined for `mutualTLS`. */
  readonly credential: Credential | undefined;
  /** Scheme of `http`, in lower case: `bearer`, `basic`. */
  readonly httpScheme: string | undefined;
  readonly bearerFormat: string | undefined;
  /** OAuth flows by their names. */
  readonly flows: Readonly<Record<string, OAuthFlow>>;
  readonly openIdConnectUrl: string | undefined;
}

/** The place of a credential in a request. */
export interface Credential {
  readonly in: 'header' | 'query' | 'cookie';
  /** Name of the header, the query parameter or the cookie. */
  readonly name: string;
  /** What stands in front of the credential: `Bearer `, or nothing. */
  readonly prefix: string;
}

export interface OAuthFlow {
  readonly authorizationUrl: string | undefined;
  readonly tokenUrl: string | undefined;
  readonly refreshUrl: string | undefined;
  readonly scopes: Readonly<Record<string, string>>;
}

export interface NamedSchema {
  readonly name: string;
  readonly schema: Schema;
  /** Where it is defined. */
  readonly pointer: string;
  /** False for a schema inside another part of the document, whose name the model has made up. */
  readonly component: boolean;
}

/**
 * A JSON Schema (2020-12), with OpenAPI's keywords. It is as written, but that its `$ref`s are those of the model and
 * that a schema `true` or `false` in the place of a whole part is `{}` or `{ not: {} }`.
 */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly example?: unknown;
  readonly deprecated?: boolean;
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema | boolean>>;
  readonly patternProperties?: Readonly<Record<string, Schema | boolean>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | boolean;
  readonly prefixItems?: readonly (Schema | boolean)[];
  readonly allOf?: readonly (Schema | boolean)[];
  readonly anyOf?: readonly (Schema | boolean)[];
  readonly oneOf?: readonly (Schema | boolean)[];
  readonly not?: Schema | boolean;
  readonly if?: Schema | boolean;
  readonly then?: Schema | boolean;
  readonly else?: Schema | boolean;
  readonly contains?: Schema | boolean;
  readonly minContains?: number;
  readonly maxContains?: number;
  readonly propertyNames?: Schema | boolean;
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>;
  readonly dependentSchemas?: Readonly<Record<string, Schema | boolean>>;
  /** Values of `mapping` are names of schemas in {@link Contract.schemas}. */
  readonly discriminator?: {
    readonly propertyName: string;
    readonly mapping?: Readonly<Record<string, string>>;
  };
  readonly [keyword: string]: unknown;
}
