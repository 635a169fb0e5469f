/**
 * What a finding goes back to. `contract`: the document says so. `http`: a MUST of an RFC about HTTP, on which every
 * contract stands. `hardening`: good practice.
 */
export type Level = 'contract' | 'http' | 'hardening';

/** The gravest first. */
export const LEVELS: readonly Level[] = ['contract', 'http', 'hardening'];
