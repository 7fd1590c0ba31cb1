import { isPlain, settingOf } from '../source/scope';
import { StepView } from '../source/StepView';
import { Leaf } from '../types';

/** A part of a scan of `spec.tests`: what it is of, or how bad a finding may be. */
export interface ScanPart {
  keys: Readonly<Record<string, string | string[]>>;
  leaves: readonly Leaf[];
}

/** Where a step says it; whatever else stands there says something else. */
const SAYING: readonly (readonly string[])[] = [
  ['uses'],
  ['run'],
  ...['languages', 'scan-type', 'image-ref', 'format'].map(name => [
    'with',
    name,
  ]),
  ...['SEVERITIES', 'GITLEAKS_LICENSE'].map(name => ['env', name]),
];

/** The part of a scan that a step is; undefined if it is none. */
export function scanStep(
  step: StepView,
): { kind: 'scan'; part: ScanPart } | undefined {
  const keys = ofScript(step) ?? ofAction(step);
  const leaves = SAYING.flatMap(path => step.at(...path) ?? []);
  return keys && { kind: 'scan', part: { keys, leaves } };
}

function ofScript(step: StepView): ScanPart['keys'] | undefined {
  const severities = step.variable('SEVERITIES')?.value;
  return step.script?.name === 'judge-sarif.sh' && severities
    ? { severity: severities.split(' ').slice(-1)[0] }
    : undefined;
}

function ofAction(step: StepView): ScanPart['keys'] | undefined {
  switch (step.uses) {
    case 'github/codeql-action/init': {
      const languages = step.input('languages')?.value;
      return languages && isPlain(languages)
        ? { type: 'codeql', languages: languages.split(/[\s,]+/) }
        : undefined;
    }
    case 'github/codeql-action/analyze':
      return { type: 'codeql' };
    case 'gitleaks/gitleaks-action': {
      const licence = settingOf(step.variable('GITLEAKS_LICENSE')?.value ?? '');
      return {
        type: 'secrets',
        ...(typeof licence === 'object' &&
          licence.secret && { licence: licence.secret }),
      };
    }
    case 'wagoid/commitlint-github-action':
      return { type: 'commits' };
    case 'aquasecurity/trivy-action':
      return ofTrivy(step);
    default:
      return undefined;
  }
}

/** Of the files of the repository, or of an image by a name that stays; other uses are something else. */
function ofTrivy(step: StepView): ScanPart['keys'] | undefined {
  if (step.input('format')?.value !== 'sarif') {
    return undefined;
  }
  if (step.input('scan-type')?.value === 'fs') {
    return { type: 'dependencies' };
  }
  const [, tag] =
    /^[^\s$:@]+(?::\d+\/[^\s$:@]+)?:([\w.-]+)$/.exec(
      step.input('image-ref')?.value ?? '',
    ) ?? [];
  return tag === undefined ? undefined : { type: 'image', tag };
}
