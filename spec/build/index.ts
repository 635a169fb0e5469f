/** The build of the contract, for the other packages of this repository. It is not published. */
export { type BuildResult, buildContract } from './build-contract.ts';
export { byPrint, unheldCells } from './keyword-probes.ts';
export { watchContract } from './watch-contract.ts';
export { watchFolders } from './watch-folders.ts';
