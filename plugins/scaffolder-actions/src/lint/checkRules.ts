import { WorkflowSource } from '../workflows/WorkflowSource';
import { Finding, RuleFinding } from './Finding';
import { rules } from './rules';
import { BashParser } from './shell/BashParser';
import { checkSecretArguments } from './shell/secretArguments';

/** What this linter's own rules have to say about a workflow. */
export function checkRules(
  parser: BashParser,
  { file, source }: { file: string; source: WorkflowSource },
): Finding[] {
  const checked: [string, RuleFinding[]][] = [
    ...rules.map((rule): [string, RuleFinding[]] => [
      rule.name,
      rule.check(source),
    ]),
    ['secret-in-arguments', checkSecretArguments(parser, source)],
  ];
  return checked
    .flatMap(([rule, findings]) =>
      findings.map(finding => ({ file, rule, ...finding })),
    )
    .sort(byPlace);
}

/** By file, line and column. */
export function byPlace(one: Finding, other: Finding): number {
  return (
    one.file.localeCompare(other.file, 'en') ||
    one.line - other.line ||
    one.column - other.column
  );
}
