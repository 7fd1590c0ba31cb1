/** Somebody who wrote a part of a commit, as far as GitHub knows them. */
export interface CommitPerson {
  login?: string;
  /** Lower case. */
  email?: string;
  /** As the commit says; anybody can write anything there. */
  name?: string;
}

const MAX_PEOPLE = 20;
const MAX_TEXT = 255;

/** The address that GitHub gives to those who keep theirs to themselves. */
const NO_REPLY =
  /^(?:\d{1,20}\+)?([a-z0-9-]{1,100}(?:\[bot\])?)@users\.noreply\./;

/**
 * The author of a commit and those whom its message names as authors, too.
 *
 * Source: https://docs.github.com/en/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors
 */
export function commitPeople(commit: {
  login?: string;
  name?: string;
  email?: string;
  message: string;
}): CommitPerson[] {
  const { login, name, email, message } = commit;
  const trailers = message
    .split('\n')
    .slice(1)
    .flatMap(line => readTrailer(line) ?? []);
  return [person({ login, name, email }), ...trailers]
    .filter(one => one.login || one.email || one.name)
    .slice(0, MAX_PEOPLE);
}

function readTrailer(line: string): CommitPerson | undefined {
  const [key, ...rest] = line.slice(0, 2 * MAX_TEXT).split(':');
  if (key.trim().toLowerCase() !== 'co-authored-by') {
    return undefined;
  }
  const [name, email = ''] = rest.join(':').split('<');
  return person({ name: name.trim(), email: email.split('>')[0].trim() });
}

function person({ login, name, email }: CommitPerson): CommitPerson {
  const address = email?.slice(0, MAX_TEXT).toLowerCase();
  const known = login ?? NO_REPLY.exec(address ?? '')?.[1];
  return {
    ...(known && { login: known.slice(0, MAX_TEXT) }),
    ...(address && { email: address }),
    ...(name && { name: name.slice(0, MAX_TEXT) }),
  };
}
