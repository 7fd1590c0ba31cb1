import { Rule } from '../Finding';

/** Every job ends by itself: GitHub's own limit is six hours, and the next deployment waits as long. */
export const jobTimeout: Rule = {
  name: 'job-timeout',
  check: ({ jobs }) =>
    jobs
      .filter(
        ({ node }) =>
          node.isMapping && !node.get('uses') && !node.get('timeout-minutes'),
      )
      .map(({ key, keyNode }) => ({
        ...keyNode.position,
        message: `the job "${key}" has no time limit`,
        remedy: 'Add timeout-minutes.',
      })),
};
