import type { Contract, MediaType, Operation, Response } from '@sql-sessions/contract/model';
import type { Content, ContentSource } from '../contract/engine.ts';

/**
 * A contract, and the content of each response that it documents, made when this package was built: what makes bodies up
 * is too much for a page.
 */
export interface ResponseTable {
  readonly contract: Contract;
  readonly contents: Readonly<Record<string, Content>>;
}

/** Where the content of a response stands in the table. */
export function contentKey(
  operation: Operation,
  response: Response,
  media: MediaType | undefined,
  example: string | undefined,
): string {
  return JSON.stringify([operation.pointer, response.status, media?.mediaType, example]);
}

/** Makes the table of a contract with what the server makes its responses with. */
export async function makeResponseTable(
  contract: Contract,
  source: ContentSource,
): Promise<ResponseTable> {
  const contents: Record<string, Content> = {};
  for (const operation of contract.operations) {
    for (const response of operation.responses) {
      for (const media of [undefined, ...response.content]) {
        const names = (media?.examples ?? []).map(({ name }) => name).filter((name) => name !== '');
        for (const example of [undefined, ...names]) {
          const choice = example === undefined ? {} : { example };
          const content = await source(operation, response, media, choice);
          if (content) contents[contentKey(operation, response, media, example)] = content;
        }
      }
    }
  }
  return { contract, contents };
}
