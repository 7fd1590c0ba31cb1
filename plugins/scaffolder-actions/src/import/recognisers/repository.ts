import { parse } from 'yaml';
import { StepRecogniser } from './types';

/** The code, as every generated job fetches it. */
export const checkouts: StepRecogniser = {
  concern: 'check-out',
  recognise(step, { accounts }) {
    const uses = step.at('uses');
    if (uses && step.uses === 'actions/checkout') {
      accounts.kept(
        [uses],
        'every generated job that needs the code checks it out',
      );
      accounts.kept(
        ['persist-credentials'].flatMap(name => {
          const leaf = step.at('with', name);
          return leaf?.value === false ? [leaf] : [];
        }),
        'no generated job keeps the token that fetched the code',
      );
    }
  },
};

/** What a push is about, by dorny/paths-filter. */
export const changeDetection: StepRecogniser = {
  concern: 'change detection',
  recognise(step, { facts, accounts }) {
    const uses = step.at('uses');
    const filters = step.at('with', 'filters');
    if (!uses || !filters || step.uses !== 'dorny/paths-filter') {
      return;
    }
    const read = filtersIn(String(filters.value));
    if (read) {
      accounts.kept(
        [uses],
        'generated workflows detect changes by the same action',
      );
      facts.add('filters', { value: read, leaves: [filters] }, step.number);
    } else {
      accounts.refuse(
        [filters],
        'the filters are no lists of globs by name',
        'Write them as name: [glob].',
      );
    }
  },
};

function filtersIn(text: string): Record<string, string[]> | undefined {
  let read: unknown;
  try {
    read = parse(text, { maxAliasCount: 100 });
  } catch {
    return undefined;
  }
  if (read === null || typeof read !== 'object' || Array.isArray(read)) {
    return undefined;
  }
  const entries = Object.entries(read).map(([name, globs]) => [
    name,
    (Array.isArray(globs) ? globs : [globs]).flat(),
  ]);
  return entries.every(([, globs]) =>
    (globs as unknown[]).every(glob => typeof glob === 'string'),
  )
    ? Object.fromEntries(entries)
    : undefined;
}

/** Terraform that is checked. */
export const terraform: StepRecogniser = {
  concern: 'Terraform',
  recognise(step, { facts, accounts }) {
    const uses = step.at('uses');
    if (uses && step.uses === 'hashicorp/setup-terraform') {
      accounts.kept([uses], 'generated jobs set it up by the same action');
      facts.add(
        'terraformVersion',
        step.input('terraform_version'),
        step.number,
      );
    }
    for (const { words, leaf } of step.commands) {
      if (words[0] === 'terraform') {
        if (/^(fmt|init|validate)$/.test(words[1])) {
          facts.add('terraformDirectory', step.directory, step.number);
          accounts.kept(
            [leaf],
            'the generated job terraform checks format and validity',
          );
        } else if (words[1] === 'apply' || words[1] === 'destroy') {
          accounts.refuse(
            [leaf],
            'generated workflows never apply Terraform',
            'Keep a workflow of its own for it.',
          );
        }
      }
    }
  },
};
