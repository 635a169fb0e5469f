const MARK = '[token]';
/** Fewer letters of a token than these, at the end of a text that was cut, say nothing about it. */
const LEAST = 4;

/** Takes the tokens of a call out of whatever is given to its caller. */
export interface Redactor {
  /** From now on this text is a secret, if it looks like one. */
  learn(token: string): void;
  /** The text without secrets. */
  text(text: string): string;
  /** Whether a text holds a secret, as it is or behind escapes. */
  holds(text: string): boolean;
  /** The same for a part of a body, which may be escaped in many ways, and cut inside a secret. */
  part(text: string): string;
  /** The same for a JSON value. */
  value(value: unknown): unknown;
}

export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  const redactor: Redactor = {
    learn(token) {
      // A word is not a secret, and taking it out would garble the caller's data.
      if (token.length > 7 && (/[^a-z]/i.test(token) || token.length > 15)) secrets.add(token);
    },
    text(text) {
      let safe = text;
      for (const secret of secrets) safe = safe.replaceAll(secret, MARK);
      return safe;
    },
    holds(text) {
      for (const secret of secrets) {
        if (text.includes(secret) || (/[\\%&]/.test(text) && plain(text).includes(secret))) {
          return true;
        }
      }
      return false;
    },
    part(text) {
      const safe = cut(redactor.text(text), secrets);
      const decoded = plain(safe);
      const safeDecoded = cut(redactor.text(decoded), secrets);
      return safeDecoded === decoded ? safe : safeDecoded;
    },
    value(value) {
      if (typeof value === 'string') return redactor.text(value);
      if (Array.isArray(value)) return value.map(redactor.value);
      if (typeof value !== 'object' || !value) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, one]) => [redactor.text(key), redactor.value(one)]),
      );
    },
  };
  return redactor;
}

/** Takes away the beginning of a secret at the end of a text. */
function cut(text: string, secrets: ReadonlySet<string>): string {
  for (const secret of secrets) {
    for (let length = Math.min(secret.length - 1, text.length); length >= LEAST; length--) {
      if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + MARK;
    }
  }
  return text;
}

const ENTITIES: Record<string, string> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'" };

/** The text without the escapes of JSON, URLs and HTML. */
function plain(text: string): string {
  return text.replace(
    /\\u([\da-f]{4})|%([\da-f]{2})|&#x([\da-f]+);|&#(\d+);|&(quot|amp|lt|gt|apos);|\\(.)/gi,
    (_, unit, byte, hex, decimal, entity, escaped) => {
      if (entity) return ENTITIES[entity.toLowerCase()] ?? '';
      if (escaped) return escaped;
      const code = decimal ? Number(decimal) : Number.parseInt(unit ?? byte ?? hex, 16);
      return String.fromCharCode(code);
    },
  );
}
