import { InputError } from '@backstage/errors';
import { EvidenceFormat } from '@vvp/backstage-plugin-deploy-common';
import { ReportFormat } from './types';

/**
 * The format that is named, else the first that recognises the beginning of the file.
 *
 * @param head - the first 64 KiB of text
 * @throws InputError that lists the formats
 */
export function chooseFormat(
  formats: readonly ReportFormat[],
  head: string,
  named?: EvidenceFormat,
): ReportFormat {
  const chosen = formats.find(candidate =>
    named ? candidate.format === named : candidate.detect(head),
  );
  if (chosen) {
    return chosen;
  }
  const known = formats.map(({ format }) => format).join(', ');
  throw new InputError(
    named
      ? `Format "${named}" is not read here; these are: ${known}`
      : `The format of the report is not recognised; name it, one of ${known}`,
  );
}
