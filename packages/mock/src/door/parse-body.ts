/** What Prism is given as the body: parsed JSON where the type says JSON and it can be parsed, else the text. */
export function parseBody(text: string, contentType: string | undefined): unknown {
  if (!isJson(contentType)) return text;
  try {
    return JSON.parse(text);
  } catch {
    // Text is not what a schema for JSON accepts, so the contract's own answer to a bad body follows.
    return text;
  }
}

/** Whether a `Content-Type` says JSON. */
function isJson(contentType: string | undefined): boolean {
  return /^\s*application\/(?:[^;\s]+\+)?json\s*(?:;|$)/i.test(contentType ?? '');
}
