import { dialect, hint, schemaKeywords } from './schema-keywords.ts';
import { all, aside, PARTS, type Row, refuse, row, rows } from './verdicts.ts';

const prose = row(aside('client mock kit', 'It is text for readers.'));
const words = row(aside('types client mock kit', 'It is text for readers.'));
const link = aside('types client mock kit diff', 'It is a link for readers.');
const ofDocument = row(aside(PARTS.join(' '), 'It is about the document, not about a call.'));
const docs = row(link, 'ExternalDocs');
const deprecated = row(aside('client mock kit', 'It concerns those who write code.'));
const forReaders = aside('types client mock kit diff', 'It is text for readers.');
const baseUrl = aside('types client', 'The caller gives the base URL.');
const handedOver = aside('client', 'Headers are handed over as they came.');
const example = aside('types client diff', 'It is not a rule.');
const headerExample = aside('types client kit diff', 'It is not a rule.');
const credentials = aside('types', 'Credentials are options of the client.');
const login = aside('types client mock kit', 'It is how the caller gets a token.');
const typed = aside('types', 'It is wire format: the types say what the value is.');
const notSent = { ...typed, ...aside('kit', 'It escapes all, and sends no more than it has to.') };
const oneStyle = aside(
  'types client reference kit',
  'Headers have one style, and are handed over as they came.',
);
const elsewhere = {
  ...aside('types kit', 'The caller gives the base URL.'),
  ...refuse(
    'client',
    'A client has one base URL for all operations.',
    'Put the server on the document.',
  ),
};
const sentByService = aside('client mock kit', 'The service sends it, it does not receive it.');
const calledBack = aside('types client mock kit', 'The service sends it, it does not receive it.');
const followUp = aside('types client mock kit', 'It is advice on the next call.');
const cookies = refuse(
  'types client',
  'Browsers let no program set the header Cookie.',
  'Use a header or a query parameter.',
);
const unusualStyle = refuse(
  'types client',
  'Path parameters are written in the style simple.',
  'Leave the style out.',
);
const nothingToServe = aside('types client mock kit diff', 'The document does not hold the value.');

/**
 * Every object of OpenAPI 3.1 with its fields. `*` stands for any field. The table drives the walk over a document as
 * well as the verdicts, so that what is walked over has a verdict.
 */
export const grammar: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  OpenAPI: {
    openapi: ofDocument,
    info: row(aside('client', 'It is text for readers.'), 'Info'),
    jsonSchemaDialect: dialect,
    servers: row(baseUrl, '[Server]'),
    paths: row(all, 'Paths'),
    webhooks: row(sentByService, '{PathItem}'),
    components: row(all, 'Components'),
    security: row(credentials),
    tags: row(aside('types client mock kit diff', 'They group the pages.'), '[Tag]'),
    externalDocs: docs,
  },
  Info: {
    title: words,
    summary: words,
    description: words,
    termsOfService: row(link),
    contact: row(link, 'Contact'),
    license: row(link, 'License'),
    version: row(
      aside('client mock kit diff', 'Calls do not carry it, and the diff says what it has to be.'),
    ),
  },
  Contact: rows('name url email', link),
  License: rows('name identifier url', link),
  Server: {
    url: row(baseUrl),
    description: words,
    variables: row(baseUrl, '{ServerVariable}'),
  },
  ServerVariable: {
    enum: row(aside('types client mock kit', 'The caller gives the base URL.')),
    default: row(baseUrl),
    description: words,
  },
  Components: {
    schemas: row(all, '{Schema}'),
    responses: row(all, '{Response}'),
    parameters: row(all, '{Parameter}'),
    examples: row(example, '{Example}'),
    requestBodies: row(all, '{RequestBody}'),
    headers: row(all, '{Header}'),
    securitySchemes: row(credentials, '{SecurityScheme}'),
    links: row(followUp, '{Link}'),
    callbacks: row(calledBack, '{Callback}'),
    pathItems: row(all, '{PathItem}'),
  },
  Paths: { '*': row(all, 'PathItem') },
  PathItem: {
    $ref: row(all),
    summary: prose,
    description: prose,
    ...Object.fromEntries(
      ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'].map((name) => [
        name,
        row(all, 'Operation'),
      ]),
    ),
    trace: row(
      refuse('types client', 'The standard `fetch` refuses to send it.', 'Use another method.'),
      'Operation',
    ),
    servers: row(elsewhere, '[Server]'),
    parameters: row(all, '[Parameter]'),
  },
  Operation: {
    tags: row(aside('types client kit diff', 'They group the pages.')),
    summary: prose,
    description: prose,
    externalDocs: docs,
    operationId: row(all),
    parameters: row(all, '[Parameter]'),
    requestBody: row(all, 'RequestBody'),
    responses: row(all, 'Responses'),
    callbacks: row(calledBack, '{Callback}'),
    deprecated,
    security: row(credentials),
    servers: row(elsewhere, '[Server]'),
  },
  ExternalDocs: rows('description url', link),
  Parameter: {
    name: row(all),
    in: row(all, undefined, { path: all, query: all, header: all, cookie: cookies }),
    description: prose,
    required: row(all),
    deprecated,
    allowEmptyValue: row({
      ...notSent,
      ...refuse(
        'client',
        'OpenAPI advises against it and will take it away.',
        'Let the schema allow an empty string.',
      ),
    }),
    style: row(typed, undefined, {
      simple: all,
      form: all,
      spaceDelimited: all,
      pipeDelimited: all,
      deepObject: all,
      label: unusualStyle,
      matrix: unusualStyle,
    }),
    explode: row(typed),
    allowReserved: row(notSent),
    schema: row(all, 'Schema'),
    example: row(example),
    examples: row(example, '{Example}'),
    content: row(all, '{MediaType}'),
  },
  RequestBody: {
    description: prose,
    content: row(all, '{MediaType}'),
    required: row(all),
  },
  MediaType: {
    schema: row(all, 'Schema'),
    example: row(example),
    examples: row(example, '{Example}'),
    encoding: row(typed, '{Encoding}'),
  },
  Encoding: {
    contentType: row(typed),
    headers: row(
      {
        ...notSent,
        ...refuse(
          'client',
          'The standard `FormData` gives the parts of a body no headers.',
          'Put the value into a field of the form.',
        ),
      },
      '{Header}',
    ),
    ...rows('style explode', typed),
    allowReserved: row(notSent),
  },
  Responses: { default: row(all, 'Response'), '*': row(all, 'Response') },
  Response: {
    description: prose,
    headers: row(handedOver, '{Header}'),
    content: row(all, '{MediaType}'),
    links: row(followUp, '{Link}'),
  },
  Callback: { '*': row(calledBack, 'PathItem') },
  Example: {
    ...rows('summary description', forReaders),
    value: row(example),
    externalValue: row(nothingToServe),
  },
  Link: {
    ...rows('operationRef operationId parameters requestBody description', followUp),
    server: row(followUp, 'Server'),
  },
  Header: {
    description: prose,
    required: row(handedOver),
    deprecated,
    ...rows('style explode', oneStyle),
    schema: row(handedOver, 'Schema'),
    example: row(headerExample),
    examples: row(headerExample, '{Example}'),
    content: row(handedOver, '{MediaType}'),
  },
  Tag: {
    name: row(aside('types client mock kit diff', 'They group the pages.')),
    description: row(forReaders),
    externalDocs: docs,
  },
  Reference: { $ref: row(all), summary: prose, description: prose },
  Schema: schemaKeywords,
  Discriminator: rows('propertyName mapping', hint),
  XML: rows(
    'name namespace prefix attribute wrapped',
    aside(PARTS.join(' '), 'The keyword `xml` itself is refused.'),
  ),
  SecurityScheme: {
    type: row(credentials, undefined, {
      apiKey: all,
      http: all,
      oauth2: all,
      openIdConnect: all,
      mutualTLS: refuse(
        'client',
        'The standard `fetch` has no certificates.',
        'Use apiKey, http, oauth2 or openIdConnect.',
      ),
    }),
    description: words,
    name: row(credentials),
    in: row(credentials, undefined, {
      header: all,
      query: refuse('client', 'Credentials in a URL end up in logs.', 'Use a header.'),
      cookie: cookies,
    }),
    scheme: row(credentials, undefined, {
      basic: all,
      bearer: all,
      '*': refuse(
        'client',
        'It needs more than one exchange or a signature.',
        'Use bearer or basic.',
      ),
    }),
    bearerFormat: row(aside('types client mock kit diff', 'It is a hint for readers.')),
    flows: row(login, 'OAuthFlows'),
    openIdConnectUrl: row(login),
  },
  OAuthFlows: {
    implicit: row(login, 'OAuthFlow'),
    password: row(login, 'OAuthFlow'),
    clientCredentials: row(login, 'OAuthFlow'),
    authorizationCode: row(login, 'OAuthFlow'),
  },
  OAuthFlow: rows('authorizationUrl tokenUrl refreshUrl scopes', login),
};
