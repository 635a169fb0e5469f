import type { Check } from '../run/check.ts';
import { bodyChecks } from './bodies.ts';
import { connectionChecks } from './connections.ts';
import { headerChecks } from './headers.ts';
import { idChecks } from './ids.ts';
import { methodChecks } from './methods.ts';
import { outcomeChecks } from './outcomes.ts';
import { pathChecks } from './paths.ts';
import { responseChecks } from './responses.ts';
import { tokenChecks } from './tokens.ts';
import { valueChecks } from './values.ts';

/** Every check, in the order of a run: harmless ones first, those that could end a server late, judgement last. */
export const allChecks: readonly Check[] = [
  ...outcomeChecks,
  ...tokenChecks,
  ...methodChecks,
  ...pathChecks,
  ...valueChecks,
  ...idChecks,
  ...headerChecks,
  ...bodyChecks,
  ...connectionChecks,
  ...responseChecks,
];
