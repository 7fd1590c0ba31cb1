import { AuthService } from '@backstage/backend-plugin-api';
import {
  Entity,
  RELATION_HAS_MEMBER,
  RELATION_PARENT_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  ApprovalRule,
  ApproverPool,
} from '@vvp/backstage-plugin-deploy-common';
import { LastKnown } from './LastKnown';

/** As Backstage's own sign-in resolvers use it. */
const ANNOTATION_LOGIN = 'github.com/user-login';

/** Users and groups that one rule on approvals may stand for. */
const MAX_PEOPLE = 10_000;

const REFS_A_PAGE = 500;

/** They stand in an address, which must not grow too long. */
const VALUES_A_PAGE = 50;

/** What means something else in a filter of the catalog could hide others who are asked for with it. */
const PLAIN_LOGIN = /^[a-z0-9_-]+(\[bot\])?$/;
const PLAIN_EMAIL = /^[^\s,=&]+@[^\s,=&]+$/;

const MAX_ADDRESSES = 5_000;

const SECOND = 1_000;

/** Who stands behind some names. */
export interface Members {
  /** Entity refs, in order. */
  users: string[];
  /** Of the names, those that the catalog does not know. */
  unknown: string[];
}

/** Users by what GitHub knows of them, in lower case. More than one: it is not clear who it is. */
export interface UsersAtGithub {
  byLogin: ReadonlyMap<string, readonly string[]>;
  byEmail: ReadonlyMap<string, readonly string[]>;
}

/**
 * Users and groups of the catalog. Answers are kept for a few seconds, and for five minutes if the catalog
 * does not answer; after that every question is a ServiceUnavailableError, so that no voice is counted.
 */
export class People {
  readonly #auth: AuthService;
  readonly #catalog: Pick<CatalogService, 'getEntitiesByRefs' | 'getEntities'>;
  readonly #openApprovals: readonly string[] | undefined;
  readonly #members: LastKnown<Members>;
  readonly #users: LastKnown<UsersAtGithub>;
  readonly #logins: LastKnown<string[]>;

  constructor(options: {
    auth: AuthService;
    catalog: Pick<CatalogService, 'getEntitiesByRefs' | 'getEntities'>;
    /** Who speaks for a rule that names nobody. Default: whoever has `deploy.approve`. */
    openApprovals?: readonly string[];
    /** Default: the time that it is. */
    now?: () => number;
  }) {
    this.#openApprovals = options.openApprovals;
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    const times = {
      freshMs: 15 * SECOND,
      keptMs: 300 * SECOND,
      now: options.now ?? (() => Date.now()),
    };
    this.#members = new LastKnown({ ...times, max: 500 });
    this.#users = new LastKnown({ ...times, max: 500 });
    this.#logins = new LastKnown({ ...times, max: 1_000 });
  }

  /** The users among some names, and those in the groups among them and in all groups below. */
  async membersOf(refs: readonly string[]): Promise<Members> {
    const names = [...new Set(refs.map(lower))].sort();
    return this.#members.get(JSON.stringify(names), () => this.#expand(names));
  }

  /** Who may speak for each rule. */
  async poolsFor(rules: readonly ApprovalRule[]): Promise<ApproverPool[]> {
    return Promise.all(
      rules.map(async ({ from }) => this.#poolOf(from ?? this.#openApprovals)),
    );
  }

  async #poolOf(from: readonly string[] | undefined): Promise<ApproverPool> {
    return from ? this.membersOf(from) : { unknown: [] };
  }

  /** The user who has a login at GitHub; undefined for nobody, or for more than one. */
  async userOfLogin(login: string): Promise<string | undefined> {
    const users = await this.usersOfLogin(login);
    return users.length === 1 ? users[0] : undefined;
  }

  /** Every user who has a login at GitHub. */
  async usersOfLogin(login: string): Promise<readonly string[]> {
    const { byLogin } = await this.usersAtGithub({ logins: [login] });
    return byLogin.get(lower(login)) ?? [];
  }

  /** The logins at GitHub of a user; empty for one whom the catalog does not know. */
  async loginsOf(userRef: string): Promise<string[]> {
    const ref = lower(userRef);
    return this.#logins.get(ref, async () => {
      const [entity] = await this.#entities([ref]);
      const login = entity && loginOf(entity);
      return login ? [login] : [];
    });
  }

  /** Users by their logins and addresses. */
  async usersAtGithub(query: {
    logins?: readonly string[];
    emails?: readonly string[];
  }): Promise<UsersAtGithub> {
    const logins = plain(query.logins, PLAIN_LOGIN);
    const emails = plain(query.emails, PLAIN_EMAIL);
    if (logins.length + emails.length > MAX_ADDRESSES) {
      throw new InputError(
        `A release with more than ${MAX_ADDRESSES} authors cannot be approved. Promote an older one first.`,
      );
    }
    return this.#users.get(JSON.stringify([logins, emails]), async () => {
      const byLogin = await this.#usersBy(
        `metadata.annotations.${ANNOTATION_LOGIN}`,
        logins,
        loginOf,
      );
      const byEmail = await this.#usersBy(
        'spec.profile.email',
        emails,
        emailOf,
      );
      return { byLogin, byEmail };
    });
  }

  async #expand(names: readonly string[]): Promise<Members> {
    const seen = new Set(names);
    const users: string[] = [];
    const unknown: string[] = [];
    let open = [...names];
    while (open.length > 0) {
      const found = await this.#entities(open);
      const next = new Set<string>();
      open.forEach((ref, index) => {
        const entity = found[index];
        if (entity?.kind.toLowerCase() === 'user') {
          users.push(ref);
        } else if (entity) {
          membersIn(entity)
            .filter(member => !seen.has(member))
            .forEach(member => next.add(member));
        } else if (names.includes(ref)) {
          unknown.push(ref);
        }
      });
      next.forEach(ref => seen.add(ref));
      if (seen.size > MAX_PEOPLE) {
        throw new InputError(
          `More than ${MAX_PEOPLE} users and groups are in ${names
            .slice(0, 5)
            .join(', ')}. Name smaller groups in promotion.approvals.`,
        );
      }
      open = [...next];
    }
    return { users: users.sort(), unknown };
  }

  /** In the order of the refs; undefined for those that are not there. */
  async #entities(refs: readonly string[]): Promise<(Entity | undefined)[]> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    const entities: (Entity | undefined)[] = [];
    for (const entityRefs of pages(refs, REFS_A_PAGE)) {
      const { items } = await this.#ask(() =>
        this.#catalog.getEntitiesByRefs(
          {
            entityRefs,
            fields: ['kind', 'metadata', 'relations'],
          },
          { credentials },
        ),
      );
      entities.push(...items);
    }
    return entities;
  }

  async #usersBy(
    key: string,
    values: readonly string[],
    valueOf: (user: Entity) => string | undefined,
  ): Promise<Map<string, string[]>> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    const users = new Map<string, string[]>(values.map(value => [value, []]));
    for (const page of pages(values, VALUES_A_PAGE)) {
      const { items } = await this.#ask(() =>
        this.#catalog.getEntities(
          {
            filter: { kind: 'User', [key]: page },
            fields: ['kind', 'metadata', 'spec.profile'],
          },
          { credentials },
        ),
      );
      for (const user of items) {
        users.get(valueOf(user) ?? '')?.push(lower(stringifyEntityRef(user)));
      }
    }
    return users;
  }

  async #ask<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw new ServiceUnavailableError(
        'The catalog does not tell who may approve. Try again in a minute.',
        error,
      );
    }
  }
}

function membersIn(group: Entity): string[] {
  return (group.relations ?? [])
    .filter(({ type }) =>
      [RELATION_HAS_MEMBER, RELATION_PARENT_OF].includes(type),
    )
    .map(({ targetRef }) => lower(targetRef))
    .filter(ref => /^(user|group):/.test(ref));
}

function loginOf(user: Entity): string | undefined {
  return user.metadata.annotations?.[ANNOTATION_LOGIN]?.trim().toLowerCase();
}

function emailOf(user: Entity): string | undefined {
  const profile = user.spec?.profile;
  const email =
    typeof profile === 'object' && profile !== null && 'email' in profile
      ? profile.email
      : undefined;
  return typeof email === 'string' ? email.trim().toLowerCase() : undefined;
}

function lower(text: string): string {
  return text.toLocaleLowerCase('en-US');
}

function pages(all: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

function plain(values: readonly string[] = [], form: RegExp): string[] {
  const known = values.map(lower).filter(value => form.test(value));
  return [...new Set(known)].sort();
}
