/** Markdown without what no reader sees: how its lines are broken, and blanks around it. */
export function plainText(text: string): string {
  const trimmed = text.trim();
  // Lines mean something in code, tables and after two blanks.
  if (/```|~~~|^( {4}|\t|\|)|( {2}|\\)$/m.test(trimmed)) return trimmed;
  return trimmed.replaceAll(/([^\n]) ?\n(?=[^\s\-*+#>=\d])/g, '$1 ');
}
