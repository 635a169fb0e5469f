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
  const { description, properties } = controlSchemas[name] as unknown as InputSchema;
  let sent: unknown;
  try {
    // As it goes over the wire: what is undefined is not there.
    sent = JSON.parse(toJson(input ?? null));
  } catch (error) {
    const what = error instanceof RangeError ? 'JSON that is nested too deeply' : 'no JSON';
    throw new InputError(`Got ${what}; it must be ${description}`);
  }
  const { valid, errors } = validator.validate(sent);
  if (valid) return;
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
  let text: string;
  try {
    text = toJson(value) ?? String(value);
  } catch {
    text = String(value);
  }
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** JSON, in which a number that is none there is a text. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_, one) =>
    typeof one === 'number' && !Number.isFinite(one) ? String(one) : one,
  );
}
