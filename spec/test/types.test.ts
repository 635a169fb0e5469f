import {
  type OperationId,
  type Operations,
  operations,
  type Schemas,
  version,
} from '@sql-sessions/contract';
import type { paths } from '@sql-sessions/contract/raw';
import { expect, expectTypeOf, test } from 'vitest';
import { parseContract } from './contract.ts';

type Close = Operations['closeSession'];

test('the constant is the version of the contract, in the value and in the type', () => {
  expect(version).toBe(parseContract().info.version);
  expectTypeOf<string>().not.toExtend<typeof version>();
});

test('each status has the body type of exactly that status', () => {
  expectTypeOf<200 | 403 | 404>().toExtend<keyof Close['responses']>();
  expectTypeOf<Close['responses'][200]>().toEqualTypeOf<undefined>();
  expectTypeOf<Close['responses'][404]['error_code']>().toEqualTypeOf<string>();
  expectTypeOf<Close['responses'][403]['error_code']>().toEqualTypeOf<number>();
  expectTypeOf<Close['responses'][403]['error']['code']>().toEqualTypeOf<string>();
  expectTypeOf<Close['responses'][400]['solution_msg']>().toEqualTypeOf<string | undefined>();
  // @ts-expect-error There is no such status.
  expectTypeOf<Close['responses'][999]>();
});

test('names are the ones of the contract', () => {
  expectTypeOf<'closeSession'>().toExtend<OperationId>();
  expectTypeOf<string>().not.toExtend<OperationId>();
  expectTypeOf<'workspace_id' | 'session_id'>().toExtend<keyof Close['parameters']>();
  expectTypeOf<'WorkspaceId' | 'SessionId' | 'EmptyObject' | 'Error' | 'ForbiddenError'>().toExtend<
    keyof Schemas
  >();
  expectTypeOf(operations.closeSession.id).toEqualTypeOf<'closeSession'>();
});

test("the generator's own types are behind /raw", () => {
  expectTypeOf<'/v1/workspaces/{workspace_id}/sessions/{session_id}'>().toExtend<keyof paths>();
});
