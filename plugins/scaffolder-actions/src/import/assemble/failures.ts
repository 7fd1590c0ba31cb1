import { JobView } from '../source/JobView';
import { settingOf } from '../source/scope';
import { stepsWith } from '../testJobs/results';
import { Repository } from './Repository';
import { plain } from './values';

/** Sets who is told when tests or a deployment fail: by an issue, by a message in a chat. */
export function assembleFailures(repository: Repository): void {
  for (const job of repository.jobs) {
    assembleIssue(repository, job);
    assembleMessage(repository, job);
  }
}

/** Of the tests that it waits for alone, or of a workflow that deploys. */
function assembleIssue(repository: Repository, job: JobView): void {
  const { draft } = repository;
  const [step] = stepsWith(job, 'open-issue.sh');
  const labels = step?.variable('LABELS');
  const list = (labels?.value ?? '').split('\n').filter(Boolean);
  const [of, ...others] = job.needs.map(({ value }) => value);
  const tests = ['spec', 'tests', of ?? ''];
  const path = ['spec', 'pipeline', 'failureIssue'];
  if (!step) {
    return;
  }
  if (others.length === 0 && draft.get(tests) !== undefined) {
    const issue = [...tests, 'issue'];
    draft.set([...issue, 'title'], plain(step.variable('TITLE')));
    if (labels && list.length > 0) {
      draft.set([...issue, 'labels'], { ...labels, value: list });
    }
  } else if (isOfDeployments(repository, job) && list.length === 0) {
    draft.set(path, { value: {}, leaves: labels?.leaves ?? [] });
  } else if (isOfDeployments(repository, job) && labels) {
    draft.set([...path, 'labels'], { ...labels, value: list });
  }
}

function assembleMessage(repository: Repository, job: JobView): void {
  const [step] = stepsWith(job, 'tell-chat.sh');
  const webhook = step?.variable('WEBHOOK');
  const setting = settingOf(webhook?.value ?? '');
  if (
    webhook &&
    typeof setting === 'object' &&
    setting.secret &&
    isOfDeployments(repository, job)
  ) {
    repository.draft.set(['spec', 'pipeline', 'failureMessage', 'slack'], {
      ...webhook,
      value: setting.secret,
    });
  }
}

function isOfDeployments(repository: Repository, job: JobView): boolean {
  return repository.needed(job).some(({ facts }) => facts.has('targetType'));
}
