const MARK = '[token]';
/** Fewer letters of a token than these, at the end of a text that was cut, say nothing about it. */
const LEAST = 4;
/** More of a token is not written as an expression, which engines limit: what follows is taken away as it is. */
const MOST = 500;
/** The end of a text, after the beginning of an escaped character if there is one. */
const CUT = '|(?:[\\\\%&][\\w#]*)?$';

/** Takes the tokens of a call out of whatever is given to its caller. */
export interface Redactor {
  /** From now on this text is a secret, if it looks like one. */
  learn(token: string): void;
  /** The text without secrets, be they as they are, behind escapes or, in a part of a text, cut at its end. */
  text(text: string, isPart?: boolean): string;
  /** The same for a member of a JSON value, whose own members have been done. */
  member(name: string, value: unknown): unknown;
}

export function createRedactor(): Redactor {
  const secrets: string[] = [];
  const forms: Record<string, RegExp> = {};
  const redactor: Redactor = {
    learn(token) {
      // A word is not a secret, and taking it out would garble the caller's data.
      const looksSecret = token.length > 7 && (/[^a-z]/i.test(token) || token.length > 15);
      if (looksSecret && !secrets.includes(token)) secrets.push(token);
    },
    text: (text, isPart) =>
      secrets.reduce((safe, secret) => {
        const isPlain = !isPart && !/[\\%&]/.test(safe);
        if (isPlain) return safe.replaceAll(secret, MARK);
        forms[secret + isPart] ??= formsOf(secret, isPart ? CUT : '');
        return safe.replaceAll(forms[secret + isPart] as RegExp, MARK);
      }, text),
    member(_, value) {
      if (typeof value === 'string') return redactor.text(value);
      if (Array.isArray(value) || Object(value) !== value) return value;
      return Object.fromEntries(
        Object.entries(value as object).map(([name, one]) => [redactor.text(name), one]),
      );
    },
  };
  return redactor;
}

/**
 * A secret in which each character may be escaped as JSON, URLs and HTML do it.
 *
 * @param end what may stand for a character and all that follow it
 */
function formsOf(secret: string, end: string): RegExp {
  const characters = [...secret].slice(0, MOST).map((character, index) => {
    const code = character.codePointAt(0) as number;
    const hex = code.toString(16);
    // Whatever a named entity stands for: no text but the secret has all its other characters.
    return `(?:\\\\?\\u{${hex}}|(?:\\\\u0*|%)${hex}|&(?:#x?0*(?:${code}|${hex})|[a-z]+);${index < LEAST ? '' : end})`;
  });
  return new RegExp(characters.join('') + (secret[MOST] ? '[^\\s"]*' : ''), 'giu');
}
