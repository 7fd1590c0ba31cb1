import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { ReactNode } from 'react';
import { personText } from '../../logic/people';
import { splitRefs, TextPart } from '../../logic/refs';
import { ExactMoment } from './Moment';

/**
 * A sentence of the backend: its entity refs are links with the names that the catalog has for them; whom
 * the catalog does not know and moments are written as everywhere else.
 *
 * @internal
 */
export function RefText(props: { text: string }) {
  return <>{splitRefs(props.text).map(shown)}</>;
}

function shown({ kind, text }: TextPart, index: number): ReactNode {
  // A sentence stays as it is; the same piece may stand in it twice.
  const key = `${index} ${text}`;
  switch (kind) {
    case 'ref':
      return <EntityRefLink key={key} entityRef={text} hideIcon />;
    case 'stranger':
      return personText(text);
    case 'time':
      return <ExactMoment key={key} at={text} />;
    default:
      return text;
  }
}
