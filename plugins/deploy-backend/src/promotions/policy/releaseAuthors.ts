import { CommitPerson } from '../../commits/commitPeople';
import { CommitRanges } from '../../commits/CommitRanges';
import { ServicePaths } from '../../commits/types';
import { People, UsersAtGithub } from './People';

/** Who wrote the commits that come in with a release. */
export interface ReleaseAuthors {
  /** Entity refs of users, in order. */
  users: string[];
  /** Logins, else names, of those whom the catalog does not know. */
  unmapped: string[];
  /** Whether all commits are known. If not, an author may be missing. */
  complete: boolean;
  /** Why not, a whole sentence. */
  note?: string;
}

/** A release on its way into an environment. */
export interface ReleaseStep {
  service: ServicePaths;
  /** Commit of what runs there, absent if nothing does. */
  from?: string;
  /** Commit of the release. */
  to: string;
}

const MAX_UNMAPPED = 100;

/** Asks for the commits of a release and for the users who wrote them. */
export async function releaseAuthors(
  { service, from, to }: ReleaseStep,
  ranges: Pick<CommitRanges, 'peopleBetween' | 'peopleUpTo'>,
  people: Pick<People, 'usersAtGithub'>,
): Promise<ReleaseAuthors> {
  const range =
    from === undefined
      ? await ranges.peopleUpTo({ service, to })
      : await ranges.peopleBetween({ service, from, to });
  const users = await people.usersAtGithub({
    logins: range.people.flatMap(({ login }) => login ?? []),
    emails: range.people.flatMap(({ email }) => email ?? []),
  });
  return {
    ...authorsAmong(range.people, users),
    complete: range.complete,
    ...(!range.complete && {
      note: `${
        from === undefined ? 'Nothing runs there yet, and not all' : 'Not all'
      } commits of the release are known, so that one of its authors may be missing.`,
    }),
  };
}

/** Of a login or address that several users have, all of them count: each may be the author. */
export function authorsAmong(
  people: readonly CommitPerson[],
  { byLogin, byEmail }: UsersAtGithub,
): Pick<ReleaseAuthors, 'users' | 'unmapped'> {
  const users = new Set<string>();
  const unmapped = new Set<string>();
  for (const { login, email, name } of people) {
    const found = [
      ...(byLogin.get(login?.toLocaleLowerCase('en-US') ?? '') ?? []),
      ...(byEmail.get(email?.toLocaleLowerCase('en-US') ?? '') ?? []),
    ];
    found.forEach(user => users.add(user));
    if (found.length === 0) {
      // Addresses are nobody's business.
      unmapped.add(login ?? name ?? 'somebody without a name');
    }
  }
  return {
    users: [...users].sort(),
    unmapped: [...unmapped].sort().slice(0, MAX_UNMAPPED),
  };
}
