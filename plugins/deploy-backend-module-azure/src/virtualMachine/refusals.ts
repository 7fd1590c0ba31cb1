import { JsonObject } from '@backstage/types';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { decodeText } from './machine/parseAnswer';

/** What the messages name. */
export interface RefusalContext {
  /** Such as `release 5f0c...` or `backup public.xml.20260207-101500`. */
  revision: string;
  /** Directory or file on the machine that it is about. */
  place: string;
  /** Absent where nothing is restarted. */
  unit?: string;
}

/** Throws the TargetError that an answer of a script stands for, if it stands for one. */
export function throwRefusal(
  answer: JsonObject,
  context: RefusalContext,
): void {
  if (answer.refused !== undefined) {
    throw explainRefusal(String(answer.refused), context);
  }
  if (answer.failed !== undefined) {
    throw explainBreakdown(
      String(answer.failed),
      decodeText(answer.reason),
      context,
    );
  }
}

function explainRefusal(
  refused: string,
  { revision, place }: RefusalContext,
): TargetError {
  switch (refused) {
    case 'busy':
      return new TargetError(
        'busy',
        `Another script works on ${place} right now.`,
      );
    case 'fence':
      return new TargetError(
        'invalid',
        'Another process has taken this operation over, or a newer operation has begun.',
        { remedy: 'Follow that one.' },
      );
    case 'undone':
      return new TargetError(
        'invalid',
        'This step was undone already, and is not done again.',
      );
    case 'gone':
      return new TargetError(
        'not-found',
        `The ${revision} is not whole in ${place}, or not there.`,
        { remedy: 'Choose another one, or let the pipeline deploy it again.' },
      );
    case 'changed':
      return new TargetError(
        'invalid',
        `The ${revision} has changed since the operation was planned.`,
        { remedy: 'Look at it, then ask for the rollback again.' },
      );
    case 'no-directory':
      return new TargetError(
        'not-found',
        `${place} is not a directory on the machine.`,
        {
          remedy:
            'Correct target in deploy.yaml, or let the pipeline deploy once.',
        },
      );
    case 'not-a-link':
      return new TargetError(
        'invalid',
        `${place}/current is not a symbolic link.`,
        {
          remedy:
            'Replace it by a link to releases/<commit>, as docs/azure-vm.md says.',
        },
      );
    case 'not-a-file':
      return new TargetError('invalid', `${place} is a symbolic link.`, {
        remedy: 'Put the file itself there.',
      });
    default:
      return new TargetError(
        'invalid',
        `The script on the machine refused for an unknown reason (${refused.slice(
          0,
          40,
        )}).`,
      );
  }
}

function explainBreakdown(
  failed: string,
  reason: string,
  { place, unit }: RefusalContext,
): TargetError {
  const because = reason && `: ${reason}`;
  const remedy = /No space left/i.test(reason)
    ? 'Make room on the disk of the machine, then try again.'
    : undefined;
  switch (failed) {
    case 'restart':
      return new TargetError(
        'unhealthy',
        `systemd could not restart ${unit ?? 'the unit'}${because}`,
        { remedy: 'See the journal of the unit in diagnostics.' },
      );
    case 'reload':
      return new TargetError(
        'unhealthy',
        `FreeSWITCH did not take ${place}${because}`,
        { remedy: 'Correct the file in the repository.' },
      );
    case 'state':
      return new TargetError(
        'invalid',
        `The state of the operation could not be written on the machine${because}`,
        { remedy: remedy ?? 'See that root may write to /var/lib.' },
      );
    default:
      return new TargetError(
        'invalid',
        `${place} could not be changed${because}`,
        { remedy: remedy ?? 'See that root may write there.' },
      );
  }
}
