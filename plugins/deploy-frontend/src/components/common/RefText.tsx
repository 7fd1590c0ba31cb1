import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { splitRefs } from '../../logic/refs';

/**
 * A sentence of the backend, whose entity refs are links with the names that the catalog has for them.
 *
 * @internal
 */
export function RefText(props: { text: string }) {
  return (
    <>
      {splitRefs(props.text).map(({ kind, text }, index) =>
        kind === 'ref' ? (
          // A sentence stays as it is; the same ref may stand in it twice.
          <EntityRefLink key={`${index} ${text}`} entityRef={text} hideIcon />
        ) : (
          text
        ),
      )}
    </>
  );
}
