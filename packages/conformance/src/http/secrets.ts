import { cookieValue } from '@sql-sessions/contract/model';

interface Secret {
  readonly value: string;
  readonly variable: string;
  /** Where it stands in a text. */
  readonly pattern: RegExp;
}

/** A token like `t` or `test` is looked for as a word of its own: as a part of others it would garble every text. */
function patternOf(value: string): RegExp {
  const text = value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const isWord = value.length < 8 || /^[a-z]{1,15}$/i.test(value);
  // An escape in front of it is not a part of its word.
  const start = '(?:(?<![\\w-])|(?<=%[\\da-f]{2}|\\\\[a-z]))';
  return new RegExp(isWord ? `${start}${text}(?![\\w-])` : text, 'g');
}

/** Keeps tokens out of everything that is shown or written. */
export class Secrets {
  #values: readonly Secret[] = [];

  /** @param tokens Tokens by the shell variable that stands for them. */
  constructor(tokens: Readonly<Record<string, string | undefined>> = {}) {
    for (const [name, token] of Object.entries(tokens)) this.add(name, token);
  }

  /** From now on the token, and what the kit makes of it, is masked. Its first variable stays its variable. */
  add(variable: string, token: string | undefined): void {
    if (token === undefined || token === '') return;
    // The kit also sends a token with a letter more or less or in other letter case, which gives nearly all of it away.
    const short =
      token.length > 4 ? [{ value: token.slice(0, -1), variable: `\${${variable}%?}` }] : [];
    const upper = {
      value: token.toUpperCase(),
      variable: `$(printf %s "$${variable}" | tr a-z A-Z)`,
    };
    const lower = {
      value: token.toLowerCase(),
      variable: `$(printf %s "$${variable}" | tr A-Z a-z)`,
    };
    const longer = { value: `${token}x`, variable: `\${${variable}}x` };
    const all = [{ value: token, variable: `$${variable}` }, ...short, longer, upper, lower];
    const known = new Set(this.#values.map(({ value }) => value));
    this.#values = [
      ...this.#values,
      ...all
        .flatMap((one) => [
          one,
          { ...one, value: encodeURIComponent(one.value) },
          { ...one, value: cookieValue(one.value) },
        ])
        .filter(({ value }) => !known.has(value) && known.add(value))
        .map((one) => ({ ...one, pattern: patternOf(one.value) })),
    ].sort((left, right) => right.value.length - left.value.length);
  }

  /** The text with every token replaced by `***`. */
  readonly mask = (text: string): string =>
    this.#values.reduce(
      (rest, { pattern }) => rest.replace(pattern, '***'),
      text.replace(BASIC, (whole, start: string, coded: string) =>
        this.#isSecret(decode(coded)) ? `${start}***` : whole,
      ),
    );

  #isSecret(text: string): boolean {
    return this.#values.some(({ pattern }) => text.search(pattern) >= 0);
  }

  /** The text as one word of a POSIX shell, with variables in the place of tokens. */
  readonly quote = (text: string): string => {
    let pieces = text.split(BASIC_WORD).map((piece, index) => {
      const coded = index % 2 === 1 ? decode(piece) : '';
      return this.#isSecret(coded)
        ? { text: `"$(printf %s ${this.quote(coded)} | base64 | tr -d '\\n')"`, plain: false }
        : { text: piece, plain: true };
    });
    for (const { pattern, variable } of this.#values) {
      pieces = pieces.flatMap((piece) =>
        piece.plain
          ? piece.text
              .split(pattern)
              .flatMap((rest, index) => [
                ...(index > 0 ? [{ text: `"${variable}"`, plain: false }] : []),
                { text: rest, plain: true },
              ])
          : [piece],
      );
    }
    const word = pieces
      .filter((piece) => piece.text !== '')
      .map((piece) => (piece.plain ? quotePlain(piece.text) : piece.text))
      .join('');
    return word === '' ? "''" : word;
  };
}

/** What travels in Basic is base64, in which a token cannot be seen. */
const BASIC = /(\bBasic )([\w+/]{2,}=*)/g;
const BASIC_WORD = /(?<=\bBasic )([\w+/]{2,}=*)/;

function decode(coded: string): string {
  return Buffer.from(coded, 'base64').toString();
}

const LONG_RUN = /([!-~ ])\1{199,}/g;

function quotePlain(text: string): string {
  // What only is long is written as a count, so that a person can read the command.
  const runs = [...text.matchAll(LONG_RUN)];
  if (runs.length > 0) {
    let at = 0;
    let word = '';
    for (const { 0: run, 1: letter = '', index } of runs) {
      if (index > at) word += quotePlain(text.slice(at, index));
      word += `"$(head -c ${run.length} /dev/zero | tr '\\0' ${quotePlain(letter)})"`;
      at = index + run.length;
    }
    return at < text.length ? word + quotePlain(text.slice(at)) : word;
  }
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
