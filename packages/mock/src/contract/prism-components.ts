import { createRequire } from 'node:module';
import type { createInstance } from '@stoplight/prism-http';
import { validateOutput } from '@stoplight/prism-http/dist/validator/index.js';
import { Remembered } from './remember.ts';

type Components = Parameters<typeof createInstance>[1];
type Mock = NonNullable<Components['mock']>;
type ValidateOutput = NonNullable<Components['validateOutput']>;

// Required, since Node and test runners do not agree on what the default import of such a module is.
const require = createRequire(import.meta.url);
const mocker: { default: Mock } = require('@stoplight/prism-http/dist/mocker/index.js');

/**
 * Two of Prism's own steps, remembered. Making an answer depends on the operation, on what the validation found,
 * on the wanted answer and on `Accept`, and on nothing else of the request; checking it depends on the answer.
 * The steps before them (routing, security, validation) run for every request that was not seen before.
 */
export function rememberingComponents(): { mock: Mock; validateOutput: ValidateOutput } {
  const made = new Map<object, Remembered<ReturnType<ReturnType<Mock>>>>();
  const checked = new WeakMap<object, ReturnType<ValidateOutput>>();

  return {
    mock(options) {
      const { resource, input, config } = options;
      if (config.dynamic || resource.callbacks?.length) return mocker.default(options);
      const key = JSON.stringify([input.validations, config, input.data.headers?.accept]);
      const answers = made.get(resource) ?? new Remembered(500);
      made.set(resource, answers);
      return (logger) => {
        const known = answers.get(key);
        if (known) return known;
        const answer = mocker.default(options)(logger);
        answers.set(key, answer);
        return answer;
      };
    },
    validateOutput(options) {
      const known = checked.get(options.element);
      if (known) return known;
      const result = validateOutput(options);
      checked.set(options.element, result);
      return result;
    },
  };
}
