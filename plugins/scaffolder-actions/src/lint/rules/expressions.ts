/** A `${{ }}` in a text. */
export interface Expression {
  /** Where it begins in the text. */
  offset: number;
  /** With the braces. */
  length: number;
  /** Between the braces. */
  body: string;
}

/** The expressions in a text. One that is not closed goes to its end. */
export function expressionsIn(text: string): Expression[] {
  const found: Expression[] = [];
  let from = text.indexOf('${{');
  while (from >= 0) {
    const close = text.indexOf('}}', from);
    const end = close < 0 ? text.length : close + 2;
    found.push({
      offset: from,
      length: end - from,
      body: text.slice(from + 3, close < 0 ? end : close).trim(),
    });
    from = text.indexOf('${{', end);
  }
  return found;
}

/** The names behind `secrets.`; `*` where all of them are meant. A job may be called `secrets` as well. */
export function secretsIn(text: string): string[] {
  return expressionsIn(text).flatMap(({ body }) => {
    const code = withoutStrings(body);
    const named = [
      ...code.matchAll(/(?<![\w.-])secrets\s*\.\s*([A-Za-z_][A-Za-z0-9_-]*)/gi),
    ].map(match => match[1]);
    const indexed = [
      ...body.matchAll(/(?<![\w.-])secrets\s*\[\s*'([^']+)'\s*\]/gi),
    ].map(match => match[1]);
    const rest = code
      .replace(/(?<![\w.-])secrets\s*\.\s*[A-Za-z_][A-Za-z0-9_-]*/gi, '')
      .replace(/(?<![\w.-])secrets\s*\[\s*''\s*\]/gi, '');
    return [
      ...named,
      ...indexed,
      ...(/(?<![\w.-])secrets(?![\w-])/i.test(rest) ? ['*'] : []),
    ];
  });
}

/** Whether an expression tells a token or a secret. */
export function isSecret(text: string): boolean {
  return (
    secretsIn(text).length > 0 ||
    expressionsIn(text).some(({ body }) =>
      /\bgithub\s*\.\s*token\b/i.test(withoutStrings(body)),
    )
  );
}

/** Texts in single quotes made empty: what stands in them is no code. */
function withoutStrings(body: string): string {
  return body.replace(/'(?:[^']|'')*'/g, "''");
}
