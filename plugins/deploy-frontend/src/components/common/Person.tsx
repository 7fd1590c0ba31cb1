import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { personText } from '../../logic/people';

/**
 * Who did something: a link for people, words for what acts by itself.
 *
 * @internal
 */
export function Person(props: { by: string }) {
  const { by } = props;
  return /^user:[^/]+\/.+$/.test(by) ? (
    <EntityRefLink entityRef={by} defaultKind="user" />
  ) : (
    <span>{personText(by)}</span>
  );
}
