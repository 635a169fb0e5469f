import type { Check } from '../check.ts';
import { answerChecks } from './answers.ts';
import { bodyChecks } from './bodies.ts';
import { connectionChecks } from './connections.ts';
import { headerChecks } from './headers.ts';
import { idChecks } from './ids.ts';
import { methodChecks } from './methods.ts';
import { outcomeChecks } from './outcomes.ts';
import { pathChecks } from './paths.ts';
import { queryChecks } from './query.ts';
import { tokenChecks } from './tokens.ts';

/** Every check, in the order of a run: harmless ones first, those that could end a server late, judgement last. */
export const allChecks: readonly Check[] = [
  ...outcomeChecks,
  ...tokenChecks,
  ...methodChecks,
  ...pathChecks,
  ...queryChecks,
  ...idChecks,
  ...headerChecks,
  ...bodyChecks,
  ...connectionChecks,
  ...answerChecks,
];
