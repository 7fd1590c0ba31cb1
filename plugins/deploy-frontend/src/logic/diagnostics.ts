import { TargetDiagnostics } from '@vvp/backstage-plugin-deploy-common';
import { healthTexts, instancesText } from './revisions';

/**
 * All that the target tells, as plain text for a ticket or a chat.
 *
 * @internal
 */
export function diagnosticsText(
  heading: string,
  diagnostics: TargetDiagnostics,
): string {
  const { health, facts, events, logs, problems } = diagnostics;
  const instances = instancesText(health);
  return [
    heading,
    [healthTexts[health.state].label, instances, health.reason]
      .filter(Boolean)
      .join(' - '),
    ...facts.map(({ label, value }) => `${label}: ${value}`),
    ...section(
      'Events',
      events.map(({ at, level, message }) =>
        [at, level, message].filter(Boolean).join(' '),
      ),
    ),
    ...logs.flatMap(({ source, lines }) => section(`Log of ${source}`, lines)),
    ...section('Could not be read', problems),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? ['', title, ...lines] : [];
}
