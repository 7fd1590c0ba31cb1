import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Fragment } from 'react';
import { groupText } from '../../logic/promotions';

const shownAtMost = 10;

/**
 * Users and groups with links, "Omar, VVP leads or 3 more", by the names that the catalog has for them.
 *
 * @internal
 */
export function People(props: { refs: readonly string[] }) {
  const { refs } = props;
  const shown = refs.slice(0, shownAtMost);
  const rest = refs.length - shown.length;
  return (
    <>
      {shown.map((ref, index) => (
        <Fragment key={ref}>
          {index > 0 && (index === refs.length - 1 ? ' or ' : ', ')}
          {/^(user|group):[^/]+\/.+$/.test(ref) ? (
            <EntityRefLink entityRef={ref} hideIcon />
          ) : (
            groupText(ref)
          )}
        </Fragment>
      ))}
      {rest > 0 && ` or ${rest} more`}
    </>
  );
}
