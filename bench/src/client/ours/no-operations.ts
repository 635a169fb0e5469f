import { createClient } from '@sql-sessions/client/core';

/** The code alone, whatever operations a contract has. */
export const create = createClient;
