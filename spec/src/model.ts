/**
 * The one reader of OpenAPI documents: from a bundled OpenAPI 3.1 document to a contract model in which references are
 * followed, parameters merged, styles and security filled in. It has no dependencies and runs anywhere.
 */
export type * from './model/contract.ts';
export { describeDocument } from './model/describe-document.ts';
export { describeLimits } from './model/describe-limits.ts';
export type { BodyPart } from './model/encode-body.ts';
export { type KeywordNotice, keywordNotices } from './model/keywords/keyword-notices.ts';
export type { Part } from './model/keywords/verdicts.ts';
export type { Limits } from './model/limits.ts';
export {
  type BodyKind,
  essenceOf,
  isJson,
  kindOfMediaType,
  mediaTypeFor,
  parametersOf,
} from './model/media-type.ts';
export {
  type BodyRow,
  type CredentialRow,
  canHaveBody,
  type OperationRow,
  type ParameterRow,
  type ReaderRow,
  toRow,
} from './model/operation-row.ts';
export {
  compilePattern,
  type LinearEngine,
  longestText,
  type PatternTest,
  platformTest,
  testOfPattern,
} from './model/pattern.ts';
export { readContract } from './model/read-contract.ts';
export { BrokenReferenceError, partAt } from './model/references.ts';
export {
  type Direction,
  followSchema,
  hiddenFields,
  isSchemaKeyword,
  mapSubschemas,
  nameOfSchema,
  standaloneSchema,
  tellApart,
} from './model/schemas.ts';
export { allowsAnonymous, responseFor } from './model/select.ts';
export { type CurlOptions, toCurl } from './model/to-curl.ts';
export {
  cookieValue,
  encodePath,
  exampleRequest,
  type HttpRequest,
  type RequestValues,
  toHttpRequest,
} from './model/to-http-request.ts';
export { type FieldEncoding, type WrittenBody, writeBody } from './model/write-body.ts';
export { separatorOf, type WritableParameter, writeParameter } from './model/write-parameter.ts';
