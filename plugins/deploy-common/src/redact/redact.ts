/** What stands in place of a secret. */
const BLACK = '***';

/**
 * What is known to be a secret by its looks. Each pattern keeps its first group, if it has one, and blacks
 * out the rest. None can backtrack: every repetition is over characters that the next part does not take.
 */
const patterns: readonly RegExp[] = [
  // Keys and certificates; one that is cut off is blacked out to its end.
  /-----BEGIN [A-Z0-9 ]{1,64}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,64}-----|$)/g,
  // Headers
  /\b((?:proxy-)?authorization["']?\s{0,8}[:=]\s{0,8}["']?)(?:(?:bearer|basic|token|digest|negotiate|apikey|aws4-hmac-sha256)\s{1,8})?[^\s"',;]+(?:,\s{0,8}(?:signedheaders|signature|credential)=[^\s"',;]+)*/gi,
  /\b((?:x-api-key|x-auth-token|x-functions-key|x-vault-token|x-amz-security-token|ocp-apim-subscription-key|private-token|set-cookie|cookie)["']?\s{0,8}[:=]\s{0,8}["']?)[^\r\n"']+/gi,
  /\b((?:bearer|basic)\s{1,8})[A-Za-z0-9._~+/=-]{8,}/gi,
  // JSON Web Tokens
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?/g,
  // GitHub, npm, Slack and Google
  /\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|npm_[A-Za-z0-9]{30,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|AIza[A-Za-z0-9_-]{30,})/g,
  // GitLab, HashiCorp Vault, Stripe, and others that begin like OpenAI's
  /\b(?:glpat-[A-Za-z0-9_-]{16,}|hv[sb]\.[A-Za-z0-9_-]{16,}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|sk-(?=[A-Za-z_-]{0,64}\d)[A-Za-z0-9_-]{12,})/g,
  // Options of commands
  /(--(?:password|passwd|secret|token|api-key|client-secret)(?:\s{1,4}|=))[^\s"']+/gi,
  // AWS access keys, and secret keys where they are named
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g,
  // User and password of a URL
  /\b([a-z][a-z0-9+.-]{0,31}:\/\/)[^\s/?#"'<>]+(?=@)/gi,
  // Addresses that let whoever has them write into a chat, or start something
  /(https:\/\/(?:hooks\.slack(?:-gov)?\.com\/|(?:[a-z]{1,16}\.)?discord(?:app)?\.com\/api\/(?:v\d{1,3}\/)?webhooks\/|[a-z0-9-]{1,64}\.webhook\.office\.com\/|outlook\.office(?:365)?\.com\/webhook\/|chat\.googleapis\.com\/v1\/spaces\/|hooks\.zapier\.com\/hooks\/|api\.telegram\.org\/bot))[^\s"'<>`]+/gi,
  // Signatures in the query of a URL
  /([?&;](?:sig|se_sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token|x-goog-signature|access_token|id_token|refresh_token|client_secret|code|token|api[-_]?key|password)=)[^&\s"'<>]+/gi,
  // Names that tell what the value is
  /((?:[A-Za-z0-9_.-]{0,64}(?:password|passwd|passphrase|secret|token|api[-_]?key|access[-_]?key|account[-_]?key|private[-_]?key|shared[-_]?access[-_]?key|credentials?|_key|_pwd|_pass)|pwd)(?:[_-]?(?:\d{1,3}|hash|value))?["']?\s{0,8}(?:=|:)\s{0,8})(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s"',;&|)}\]]+)/gi,
];

/**
 * What looks like a secret in a text.
 *
 * @public
 */
export interface SecretLooks {
  /** All that shows what it is, such as `API_KEY=abc`. */
  whole: string;
  /** The part of it that is blacked out. */
  hidden: string;
  /** What stands behind it. */
  behind: string;
}

/**
 * Blacks out what looks like a secret in a text: headers that authorise, tokens, passwords in URLs and
 * assignments, signatures, keys. What it does not know by its looks it cannot find: it is the last net,
 * and no reason to write a secret.
 *
 * @public
 */
export function redact(text: string): string {
  return redactUnless(text, () => false);
}

/**
 * As {@link redact}, but for what is no secret after all, such as the name of a variable.
 *
 * @public
 */
export function redactUnless(
  text: string,
  isSpared: (found: SecretLooks) => boolean,
): string {
  let clean = text;
  for (const pattern of patterns) {
    const before = clean;
    clean = before.replace(pattern, (whole: string, ...more: unknown[]) => {
      const [kept, at] = typeof more[0] === 'string' ? more : ['', more[0]];
      const hidden = whole.slice(String(kept).length);
      const behind = before.slice(Number(at) + whole.length);
      return isSpared({ whole, hidden, behind }) ? whole : `${kept}${BLACK}`;
    });
  }
  return clean;
}
