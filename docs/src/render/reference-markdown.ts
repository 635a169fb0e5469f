import { exampleRequest } from '../contract/example-request.ts';
import type { Operation, Payload, ReferenceModel } from '../contract/reference-model.ts';
import { toCurl, toText, toTypeScript } from '../contract/samples.ts';
import type { Field } from '../contract/schema-fields.ts';
import { tokenHeader } from './operation.ts';

/** The reference as one Markdown text, with everything that the page says. */
export function toReferenceMarkdown(model: ReferenceModel): string {
  return `${[
    `# ${model.title} ${model.version}`,
    model.summary,
    ...model.operations.map((operation) => operationText(operation, model)),
    '## About this API',
    model.description,
    ...model.servers.map(
      ({ url, description, variables }) =>
        `Address: \`${url}\`. ${description}${variables
          .map((variable) => ` \`${variable.name}\`: ${variable.description}`)
          .join('')}`,
    ),
    ...model.securitySchemes.map(
      ({ name, scheme }) =>
        `Security scheme ${name}: ${scheme.type}${scheme.in ? ` in ${scheme.in}` : ''}${
          scheme.name ? ` \`${scheme.name}\`` : ''
        }. ${scheme.description ?? ''}`,
    ),
  ]
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function operationText(operation: Operation, model: ReferenceModel): string {
  const sample = exampleRequest(operation);
  const optional = operation.security.some((names) => names.length === 0);
  const ways = operation.security.filter((names) => names.length > 0);
  return [
    `## ${operation.summary}`,
    `\`${operation.method} ${operation.path}\` (\`${operation.id}\`)`,
    operation.description.trim(),
    operation.parameters.length > 0 && '### Parameters',
    ...operation.parameters.map(
      (parameter) =>
        `- \`${parameter.name}\` (${parameter.type} in ${parameter.in}, ${
          parameter.required ? 'required' : 'optional'
        }${parameter.limits.map((limit) => `, ${limit}`).join('')}): ${parameter.description}`,
    ),
    '### Authorization',
    ways.length === 0
      ? 'None.'
      : `${ways.map((names) => names.join(' and ')).join(', or ')}${optional ? ', or nothing' : ''}.`,
    operation.body && '### Body',
    operation.body &&
      `${operation.body.description} ${operation.body.required ? 'Required' : 'Optional'}, \`${operation.body.mediaType}\`.`,
    '### Request',
    `\`\`\`sh\n${toText(toCurl(operation, sample, tokenHeader(model)))}\n\`\`\``,
    `\`\`\`ts\n${toText(toTypeScript(operation, sample))}\`\`\``,
    '### Answers',
    ...operation.answers.flatMap((answer) => [
      `#### ${answer.status} ${answer.phrase}`,
      answer.description,
      ...payloadText(answer.payload),
    ]),
  ]
    .filter((part) => typeof part === 'string')
    .join('\n\n')
    .replaceAll(/^(- .*)\n\n(?=- )/gm, '$1\n');
}

function payloadText(payload: Payload | null): string[] {
  if (!payload) return ['No body.'];
  return [
    `\`${payload.mediaType}\`${payload.schemaName ? `, ${payload.schemaName}` : ''}`,
    payload.fields.map(fieldText).join('\n'),
    ...payload.examples.map(({ value }) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``),
  ].filter((part) => part !== '');
}

function fieldText(field: Field): string {
  return `${'  '.repeat(field.depth)}- \`${field.path}\` (${field.type}, ${
    field.required ? 'required' : 'optional'
  }${field.limits.map((limit) => `, ${limit}`).join('')})${field.description ? `: ${field.description}` : ''}`;
}
