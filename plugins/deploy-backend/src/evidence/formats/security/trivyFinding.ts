import { InputError } from '@backstage/errors';
import {
  Finding,
  FindingCategory,
  Severity,
} from '@vvp/backstage-plugin-deploy-common';
import { count } from '../numbers';
import { dig, text } from '../json';
import { oneLine, plainPath, webAddress } from '../plainText';
import { severityOfWord, unratedSeverity } from './severity';

export type TrivyKind =
  | 'vulnerability'
  | 'misconfiguration'
  | 'secret'
  | 'suppressed';

/** What Trivy looked at: a lock file, the packages of an operating system, a Terraform module. */
export interface TrivyTarget {
  name?: string;
  /** `os-pkgs`, `lang-pkgs`, `config`, `secret` and so on. */
  class?: string;
  /** `container_image`, `filesystem` and so on. */
  artifact?: string;
}

/**
 * A finding, and what sets it apart from others of its rule, path, line and package; undefined for a check that
 * passed.
 *
 * @param where - such as `Results[0].Secrets[3]`
 */
export function trivyFinding(
  kind: TrivyKind,
  raw: unknown,
  target: TrivyTarget,
  where: string,
): { finding: Finding; more: string } | undefined {
  switch (kind) {
    case 'vulnerability':
      return { finding: vulnerability(raw, target, where), more: '' };
    case 'misconfiguration':
      return dig(raw, 'Status') === 'PASS'
        ? undefined
        : misconfiguration(raw, target, where);
    case 'secret':
      return { finding: secret(raw, target, where), more: '' };
    default:
      return suppressed(raw, target, where);
  }
}

/** Set aside by an ignore file or a VEX document. */
function suppressed(raw: unknown, target: TrivyTarget, where: string) {
  const type = text(dig(raw, 'Type'));
  if (
    type !== 'vulnerability' &&
    type !== 'misconfiguration' &&
    type !== 'secret'
  ) {
    return undefined;
  }
  const found = trivyFinding(
    type,
    dig(raw, 'Finding'),
    target,
    `${where}.Finding`,
  );
  return found && { ...found, finding: { ...found.finding, suppressed: true } };
}

function vulnerability(
  raw: unknown,
  target: TrivyTarget,
  where: string,
): Finding {
  const id = needed(raw, 'VulnerabilityID', where);
  const name = needed(raw, 'PkgName', where);
  const version = text(dig(raw, 'InstalledVersion'));
  const fixed = text(dig(raw, 'FixedVersion'));
  return {
    ruleId: id,
    title: oneLine(text(dig(raw, 'Title')) ?? `${id} in ${name}`),
    severity: severityOf(raw, where),
    category: categoryOf(target),
    package: name,
    version: version && oneLine(version, 200),
    fixedVersion: fixed && oneLine(fixed, 200),
    path: pathOf(text(dig(raw, 'PkgPath')) ?? target.name),
    url: webAddress(text(dig(raw, 'PrimaryURL'))),
    suppressed: false,
  };
}

function misconfiguration(raw: unknown, target: TrivyTarget, where: string) {
  const id = needed(raw, 'ID', where);
  const resource = text(dig(raw, 'CauseMetadata', 'Resource'));
  return {
    finding: {
      ruleId: id,
      title: oneLine(text(dig(raw, 'Title')) ?? id),
      severity: severityOf(raw, where),
      category: 'configuration' as const,
      path: pathOf(target.name),
      line: lineOf(
        dig(raw, 'CauseMetadata', 'StartLine'),
        `${where}.CauseMetadata.StartLine`,
      ),
      url: webAddress(text(dig(raw, 'PrimaryURL'))),
      suppressed: dig(raw, 'Status') === 'EXCEPTION',
    },
    more: resource ?? '',
  };
}

function secret(raw: unknown, target: TrivyTarget, where: string): Finding {
  const id = needed(raw, 'RuleID', where);
  return {
    ruleId: id,
    title: oneLine(text(dig(raw, 'Title')) ?? id),
    severity: severityOf(raw, where),
    category: 'secret',
    path: pathOf(target.name),
    line: lineOf(dig(raw, 'StartLine'), `${where}.StartLine`),
    suppressed: false,
  };
}

/** Packages of an operating system come from an image, wherever they were found. */
function categoryOf(target: TrivyTarget): FindingCategory {
  return target.artifact === 'container_image' ||
    target.artifact === 'vm' ||
    target.class === 'os-pkgs'
    ? 'image'
    : 'dependency';
}

/** `UNKNOWN`: nobody rated it yet. */
function severityOf(raw: unknown, where: string): Severity {
  const word = needed(raw, 'Severity', where);
  const severity =
    word.toUpperCase() === 'UNKNOWN' ? unratedSeverity : severityOfWord(word);
  if (!severity) {
    throw new InputError(
      `${where}.Severity: not one of CRITICAL, HIGH, MEDIUM, LOW and UNKNOWN`,
    );
  }
  return severity;
}

function needed(raw: unknown, key: string, where: string): string {
  const value = text(dig(raw, key));
  if (!value) {
    throw new InputError(`${where}.${key}: missing`);
  }
  return oneLine(value, 200);
}

function pathOf(path: string | undefined): string | undefined {
  return path && plainPath(path);
}

function lineOf(value: unknown, where: string): number | undefined {
  return value === undefined ? undefined : count(value, where) || undefined;
}
