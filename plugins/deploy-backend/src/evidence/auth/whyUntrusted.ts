import { AuthenticationError } from '@backstage/errors';
import { errors, JWTPayload } from 'jose';
import { OidcIssuer } from './oidcConfig';
import { plainText } from './plainText';

const remedies: Record<string, string> = {
  ERR_JOSE_ALG_NOT_ALLOWED:
    'is signed by an algorithm that is not allowed (alg). Use the token as GitHub issues it.',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED:
    'has a signature that does not fit. Use the token as GitHub issues it.',
  ERR_JWKS_NO_MATCHING_KEY:
    'is signed with a key that its issuer does not publish (kid). Use the token as the issuer gives it.',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS:
    'does not name the key that it is signed with (kid). Use the token as GitHub issues it.',
  ERR_JWT_EXPIRED:
    'has expired (exp). Ask for a new one right before the report is posted.',
};

/** What is wrong with a token that did not stand the check, without the token. */
export function whyUntrusted(
  error: unknown,
  trusted: OidcIssuer,
): AuthenticationError {
  return new AuthenticationError(`The OIDC token ${reasonOf(error, trusted)}`);
}

function reasonOf(error: unknown, trusted: OidcIssuer): string {
  if (!(error instanceof errors.JOSEError)) {
    return 'cannot be checked. Use the token as GitHub issues it.';
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return claimReason(error, trusted);
  }
  return (
    remedies[error.code] ??
    'is malformed. Use the token as GitHub issues it, whole and unchanged.'
  );
}

function claimReason(
  {
    claim,
    reason,
    payload,
  }: { claim: string; reason: string; payload: JWTPayload },
  trusted: OidcIssuer,
): string {
  if (reason === 'missing') {
    return `lacks the claim ${claim}. Use the token as GitHub issues it.`;
  }
  if (claim === 'aud') {
    return `is for the audience "${plainText(payload.aud)}" (aud), not for "${
      trusted.audience
    }". Ask GitHub for a token for that audience: core.getIDToken('${
      trusted.audience
    }').`;
  }
  if (claim === 'nbf') {
    return 'is not valid yet (nbf). Check the clocks of the runner and of the backend.';
  }
  return `has a claim ${claim} that is not as it has to be. Use the token as GitHub issues it.`;
}
