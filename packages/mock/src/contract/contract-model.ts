/** What the mock knows of a contract beside Prism: enough to name, list and find its operations and answers. */
export interface ContractModel {
  readonly title: string;
  readonly version: string;
  readonly operations: readonly OperationModel[];
}

export interface OperationModel {
  /** The `operationId`, or method and path where the contract gives none. */
  readonly id: string;
  /** In upper case. */
  readonly method: string;
  /** Path template with each parameter in braces. */
  readonly path: string;
  readonly summary: string;
  /** A path to paste: the template with the contract's example values. */
  readonly examplePath: string;
  readonly answers: readonly DocumentedAnswer[];
  /** Where the contract has callers put their secrets: masked wherever requests are shown. */
  readonly secrets: readonly Secret[];
}

export interface DocumentedAnswer {
  /** `404`, a range such as `4XX`, or `default`. */
  readonly status: string;
  readonly description: string;
  readonly examples: readonly string[];
  /** Names of the headers that it is documented with. */
  readonly headers: readonly string[];
}

export interface Secret {
  readonly in: 'header' | 'query' | 'cookie';
  readonly name: string;
}

/** The documented answer that a status gets: its own, that of its range, or the default one. */
export function documentedAnswer(
  { answers }: OperationModel,
  status: number,
): DocumentedAnswer | undefined {
  return (
    answers.find((answer) => answer.status === String(status)) ??
    answers.find((answer) => answer.status.toUpperCase() === `${String(status)[0]}XX`) ??
    answers.find((answer) => answer.status === 'default')
  );
}

/** The status an example belongs to; undefined where there is no such example or its status is a range. */
export function statusOfExample({ answers }: OperationModel, example: string): number | undefined {
  const found = answers.find(({ examples }) => examples.includes(example));
  return found && /^\d{3}$/.test(found.status) ? Number(found.status) : undefined;
}

/** All that can be asked for, in words: `200, 404 (NotFound)`. */
export function listAnswers({ answers }: OperationModel): string {
  return answers
    .map(({ status, examples }) =>
      examples.length > 0 ? `${status} (${examples.join(', ')})` : status,
    )
    .join(', ');
}
