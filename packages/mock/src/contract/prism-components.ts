import type { Prism } from './prism.ts';
import { Remembered } from './remember.ts';

/**
 * Two of Prism's own steps, remembered. Making an answer depends on the operation, on what the validation found,
 * on the wanted answer and on `Accept`, and on nothing else of the request; checking it depends on the answer.
 * The steps before them (routing, security, validation) run for every request that was not seen before.
 */
export function rememberingComponents({
  mock,
  validateOutput,
}: Prism): Pick<Prism, 'mock' | 'validateOutput'> {
  const made = new Map<object, Remembered<ReturnType<ReturnType<Prism['mock']>>>>();
  const checked = new WeakMap<object, ReturnType<Prism['validateOutput']>>();

  return {
    mock(options) {
      const { resource, input, config } = options;
      if (config.dynamic || resource.callbacks?.length) return mock(options);
      const key = JSON.stringify([input.validations, config, input.data.headers?.accept]);
      const answers = made.get(resource) ?? new Remembered(500);
      made.set(resource, answers);
      return (logger) => {
        const known = answers.get(key);
        if (known) return known;
        const answer = mock(options)(logger);
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
