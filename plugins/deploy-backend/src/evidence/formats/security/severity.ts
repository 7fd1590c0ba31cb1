import { InputError } from '@backstage/errors';
import { severities, Severity } from '@vvp/backstage-plugin-deploy-common';
import { fromVector } from 'ae-cvss-calculator';
import { finite } from '../numbers';

/**
 * How bad something counts of which nobody says how bad it is: a vulnerability or a leaked secret that is not
 * rated yet must not pass a rule that forbids high ones.
 */
export const unratedSeverity: Severity = 'high';

/**
 * Of a CVSS score, as GitHub reads `security-severity`: from 9.0 critical, from 7.0 high, from 4.0 medium,
 * above 0 low.
 *
 * @throws InputError that names the place, unless it is a number from 0 to 10
 */
export function severityOfScore(score: unknown, where: string): Severity {
  const number = finite(score, where);
  if (number < 0 || number > 10) {
    throw new InputError(`${where}: ${number} is not a score from 0 to 10`);
  }
  if (number >= 9) {
    return 'critical';
  }
  if (number >= 7) {
    return 'high';
  }
  if (number >= 4) {
    return 'medium';
  }
  return number > 0 ? 'low' : 'info';
}

/**
 * Of `security-severity`: a CVSS score, or a word, as some rules of Semgrep have it.
 *
 * @throws InputError that names the place, if it is neither
 */
export function severityOfRating(
  rating: unknown,
  where: string,
): Severity | undefined {
  if (rating === undefined || rating === null) {
    return undefined;
  }
  const word = typeof rating === 'string' ? severityOfWord(rating) : undefined;
  return word ?? severityOfScore(rating, where);
}

const words: Record<string, Severity> = {
  critical: 'critical',
  high: 'high',
  important: 'high',
  medium: 'medium',
  moderate: 'medium',
  low: 'low',
  negligible: 'info',
  info: 'info',
  informational: 'info',
  none: 'info',
};

/** Of the word that a tool uses, in any case; undefined for `UNKNOWN` and words that are not known. */
export function severityOfWord(word: string | undefined): Severity | undefined {
  const known = word?.trim().toLowerCase() ?? '';
  return Object.hasOwn(words, known) ? words[known] : undefined;
}

/** Of a CVSS vector (2.0, 3.0, 3.1, 4.0); undefined if it is not a whole one. */
export function severityOfVector(
  vector: string | undefined,
): Severity | undefined {
  if (!vector || vector.length > 500) {
    return undefined;
  }
  try {
    const score = fromVector(vector)?.calculateScores().base;
    return score === undefined ? undefined : severityOfScore(score, 'score');
  } catch {
    return undefined;
  }
}

/** The worst of them. */
export function worst(
  found: readonly (Severity | undefined)[],
): Severity | undefined {
  return severities.find(severity => found.includes(severity));
}
