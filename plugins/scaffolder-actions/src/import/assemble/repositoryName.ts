import { stepsWith } from '../testJobs/results';
import { Repository } from './Repository';

/** `owner/name`, as it stands in what images have to be signed by; undefined where none are. */
export function repositoryName({ jobs }: Repository): string | undefined {
  const [identity = ''] = jobs.flatMap(job =>
    stepsWith(job, 'image-verify.sh').flatMap(
      step => step.variable('IDENTITY')?.value ?? [],
    ),
  );
  const [, name] =
    /^\^https:\/\/github\\\.com\/([^/]+\/[^/]+)\/\\\.github\/workflows\//.exec(
      identity,
    ) ?? [];
  return name?.replace(/\\(.)/g, '$1');
}
