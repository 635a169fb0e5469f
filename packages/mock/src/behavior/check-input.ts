import { Validator } from '@cfworker/json-schema';
import { controlSchemas } from '#control-schemas';
import { InputError } from '../input-error.ts';

interface InputSchema {
  readonly description: string;
  readonly properties: Readonly<Record<string, { readonly description?: string }>>;
}

const validators = new Map<string, Validator>();

/**
 * Checks what a person or a program set, against the schema that the control API documents it with.
 * @throws {InputError} that says what was given and what is allowed
 */
export function checkInput(name: string, input: unknown): void {
  const validator =
    validators.get(name) ??
    new Validator(
      { $ref: `#/components/schemas/${name}`, components: { schemas: controlSchemas } } as object,
      '2020-12',
      false,
    );
  validators.set(name, validator);
  // As it goes over the wire: what is undefined is not there.
  const { valid, errors } = validator.validate(JSON.parse(JSON.stringify(input ?? null)));
  if (valid) return;
  const { description, properties } = controlSchemas[name] as unknown as InputSchema;
  const places = errors.map(({ instanceLocation }) => instanceLocation.split('/')[1]);
  const at = places.find((place) => place !== undefined);
  if (at === undefined) throw new InputError(`Got ${show(input)}; it must be ${description}`);
  if (!Object.hasOwn(properties, at)) {
    throw new InputError(`Unknown "${at}"; there is ${Object.keys(properties).join(', ')}.`);
  }
  const given = (input as Record<string, unknown>)[at];
  throw new InputError(`${at} is ${show(given)}; it must be ${properties[at]?.description}`);
}

/** A value as it is quoted in messages. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
