import { readFixture } from '@sql-sessions/testing/contracts';

const error = (name: string) => ({ $ref: `#/components/responses/${name}` });

/** The contract of the small server: one operation that removes, with an optional body, out of the family's parts. */
export const contract = {
  ...readFixture('family'),
  paths: {
    '/v1/workspaces/{workspace_id}/sessions/{session_id}': {
      delete: {
        summary: 'End a session',
        operationId: 'endSession',
        parameters: [
          { $ref: '#/components/parameters/WorkspaceId' },
          { $ref: '#/components/parameters/SessionId' },
        ],
        requestBody: {
          content: {
            'application/json': {
              schema: { type: 'object', maxProperties: 0, additionalProperties: false },
              example: {},
            },
          },
        },
        responses: {
          200: { description: 'The session has ended.' },
          400: error('BadRequest'),
          401: error('Unauthorized'),
          403: error('Forbidden'),
          404: error('NotFound'),
          408: error('RequestTimeout'),
          500: error('InternalServerError'),
        },
      },
    },
  },
};
