/** The comparison of contracts, for the other packages of this repository. It is not published. */
export type { Change } from './change.ts';
export { type Changelog, cutToDifference, type Release } from './changelog.ts';
export { type ContractDiff, contractDiff, contractDiffs } from './contract-diff.ts';
export { toMarkdown } from './print-diff.ts';
