import { isJson } from '@sql-sessions/contract/model';

const TOKEN = /"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** JSON over several lines with every literal as it came: `1.0`, large numbers, names that occur twice. */
export function layOut(text: string, mediaType: string): string {
  if (!isJson(mediaType)) return text;
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  let depth = 0;
  let last = '';
  let out = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const closing = token === '}' || token === ']';
    if (closing) depth -= 1;
    const opened = last === '{' || last === '[';
    if (last !== '' && (closing ? !opened : opened || last === ','))
      out += `\n${'  '.repeat(depth)}`;
    out += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth += 1;
    last = token;
  }
  return out;
}
