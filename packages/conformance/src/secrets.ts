/** Keeps tokens out of everything that is shown or written. */
export class Secrets {
  readonly #values: readonly { value: string; variable: string }[];

  /** @param tokens Tokens by the shell variable that stands for them. */
  constructor(tokens: Readonly<Record<string, string | undefined>>) {
    this.#values = Object.entries(tokens)
      .flatMap(([name, token = '']) => [
        { value: token, variable: `$${name}` },
        // The kit also sends a token without its last letter, which gives nearly all of it away.
        { value: token.length > 4 ? token.slice(0, -1) : '', variable: `\${${name}%?}` },
      ])
      .flatMap((one) => [one, { ...one, value: encodeURIComponent(one.value) }])
      .filter(({ value }) => value !== '')
      .sort((left, right) => right.value.length - left.value.length);
  }

  /** The text with every token replaced by `***`. */
  readonly mask = (text: string): string =>
    this.#values.reduce((rest, { value }) => rest.replaceAll(value, '***'), text);

  /** The text as one word of a POSIX shell, with variables in the place of tokens. */
  readonly quote = (text: string): string => {
    let pieces = [{ text, plain: true }];
    for (const { value, variable } of this.#values) {
      pieces = pieces.flatMap((piece) =>
        piece.plain
          ? piece.text
              .split(value)
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
