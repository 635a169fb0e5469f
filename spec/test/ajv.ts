import { Ajv2020, type Options } from 'ajv/dist/2020.js';
import { default as addFormats } from 'ajv-formats';

/** A validator that knows every format, and refuses unknown keywords unless told otherwise. */
export function createAjv(options: Options = {}): Ajv2020 {
  const ajv = new Ajv2020({ strictTypes: false, strictTuples: false, ...options });
  addFormats.default(ajv);
  return ajv;
}
