/** All that rows of the operation table may need to check and write a request. Each row imports what it needs and nothing else. */
export { basic, binary, json, multipart, text, urlencoded } from './encode-body.ts';
export { deepObject, form, jsonParameter, simple } from './encode-parameter.ts';
export { isText, matches } from './fits.ts';
