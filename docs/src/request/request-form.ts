import type {
  BodyKind,
  Credential,
  FieldEncoding,
  WritableParameter,
} from '@sql-sessions/contract/model';

/** What is needed to make a request of an operation: plain data, so that it can travel in a page. */
export interface RequestForm {
  readonly id: string;
  readonly method: string;
  /** Path template with each parameter in braces. */
  readonly path: string;
  readonly parameters: readonly FormParameter[];
  readonly bodies: readonly FormBody[];
  readonly bodyRequired: boolean;
  /** The ways to authenticate; each is a list of credentials, and an empty list means none. */
  readonly security: readonly (readonly FormCredential[])[];
}

export interface FormParameter extends WritableParameter {
  readonly required: boolean;
  /** How its value is typed: as it is, or as a JSON value. */
  readonly kind: 'text' | 'value';
  /** The only values that are allowed; empty: others are. */
  readonly options: readonly string[];
  /** What a value must be, in words that complete "must be …". */
  readonly rule: string;
  readonly pattern?: string | undefined;
  readonly lengths?: readonly [number, number] | undefined;
  /** A value as it is typed; empty: the contract gives none. */
  readonly example: string;
}

export interface FormBody {
  readonly mediaType: string;
  readonly kind: BodyKind;
  readonly example: string;
  /** Of fields of a form: how they are written. */
  readonly encoding: Readonly<Record<string, FieldEncoding>>;
}

export interface FormCredential extends Credential {
  /** Name of the security scheme. */
  readonly scheme: string;
  /** The credential is `user:password`, which travels in base64. */
  readonly basic: boolean;
}

/** What is filled in. */
export interface RequestValues {
  readonly baseUrl: string;
  /** By {@link keyOf}, as typed; what is missing or empty is not sent, unless it is required. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Which entry of `security`. */
  readonly security: number;
  /** By name of the security scheme. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Which entry of `bodies`; undefined: none is sent. */
  readonly body: { readonly index: number; readonly text: string } | undefined;
  /** A documented status to ask the mock for. */
  readonly status?: string | undefined;
}

export function keyOf({ in: place, name }: Pick<FormParameter, 'in' | 'name'>): string {
  return `${place}:${name}`;
}

/** Where the mock listens by default, which samples call; a server of pages puts another one in its place. */
export const MOCK_URL = 'http://127.0.0.1:4010';

/** Stands for a credential in samples. */
export const PLACEHOLDER = 'YOUR_TOKEN';

/** The request that the samples start with: the contract's own examples, sent to `baseUrl`. */
export function exampleValues(form: RequestForm, baseUrl: string): RequestValues {
  const security = Math.max(
    0,
    form.security.findIndex((credentials) => credentials.length > 0),
  );
  const body = form.bodies[0]?.example ?? '';
  const credential = ({ scheme, basic }: FormCredential) => [
    scheme,
    basic ? 'USER:PASSWORD' : PLACEHOLDER,
  ];
  return {
    baseUrl,
    parameters: Object.fromEntries(form.parameters.map((each) => [keyOf(each), each.example])),
    security,
    credentials: Object.fromEntries((form.security[security] ?? []).map(credential)),
    body: form.bodyRequired || !/^(\{\})?$/.test(body) ? { index: 0, text: body } : undefined,
  };
}
