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
  const secrets: string[] = [];
  const redactor: Redactor = {
    learn(token) {
      // A word is not a secret, and taking it out would garble the caller's data.
      const looksSecret = token.length > 7 && (/[^a-z]/i.test(token) || token.length > 15);
      if (looksSecret && !secrets.includes(token)) secrets.push(token);
    },
    text: (text) => secrets.reduce((safe, secret) => safe.replaceAll(secret, MARK), text),
    holds: (text) =>
      secrets.some(
        (secret) =>
          text.includes(secret) || (/[\\%&]/.test(text) && escapedForms(secret).test(text)),
      ),
    part: (text) =>
      secrets.reduce((safe, secret) => cut(safe.replace(escapedForms(secret), MARK), secret), text),
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
function cut(text: string, secret: string): string {
  for (let length = Math.min(secret.length - 1, text.length); length >= LEAST; length--) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + MARK;
  }
  return text;
}

/** A secret in which each character may be escaped as JSON, URLs and HTML do it. */
function escapedForms(secret: string): RegExp {
  const characters = [...secret].map((character) => {
    const code = character.charCodeAt(0);
    const hex = code.toString(16);
    // Whatever a named entity stands for: no text but the secret has all its other characters.
    return `(?:\\\\?\\x${hex}|(?:\\\\u00|%)${hex}|&(?:#x?0*(?:${code}|${hex})|[a-z]+);)`;
  });
  return new RegExp(characters.join(''), 'gi');
}
