import { Entity } from '@backstage/catalog-model';

/** A user as the catalog gives it. */
export function user(
  name: string,
  options: { login?: string; groups?: string[] } = {},
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: {
      name,
      namespace: 'default',
      annotations: { 'github.com/user-login': options.login ?? name },
    },
    spec: { memberOf: options.groups ?? [] },
    relations: (options.groups ?? []).map(team => ({
      type: 'memberOf',
      targetRef: `group:default/${team}`,
    })),
  };
}

/** A group as the catalog gives it. */
export function group(
  name: string,
  members: readonly string[],
  children: readonly string[] = [],
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name, namespace: 'default' },
    spec: { type: 'team', children: [...children] },
    relations: [
      ...members.map(member => ({
        type: 'hasMember',
        targetRef: `user:default/${member}`,
      })),
      ...children.map(child => ({
        type: 'parentOf',
        targetRef: `group:default/${child}`,
      })),
    ],
  };
}
