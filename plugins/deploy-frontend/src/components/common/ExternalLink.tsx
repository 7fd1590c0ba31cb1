import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import OpenInNewIcon from '@material-ui/icons/OpenInNew';
import { ReactNode } from 'react';
import { safeUrl } from '../../logic/links';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    minWidth: 0,
    textDecoration: 'underline',
    overflowWrap: 'anywhere',
  },
  icon: { fontSize: '1em', flexShrink: 0 },
}));

/**
 * A link that leaves the portal; plain text where the address cannot be followed.
 *
 * @internal
 */
export function ExternalLink(props: {
  to: string | undefined;
  label?: string;
  /** Leaves out the sign that it opens a new window; the words for listeners stay. */
  plain?: boolean;
  children: ReactNode;
}) {
  const classes = useStyles();
  const url = safeUrl(props.to);
  if (!url) {
    return <span>{props.children}</span>;
  }
  return (
    <Link
      to={url}
      className={classes.root}
      aria-label={props.label}
      target="_blank"
      rel="noopener noreferrer"
      externalLinkIcon={false}
    >
      {props.children}
      {!props.plain && <OpenInNewIcon className={classes.icon} aria-hidden />}
    </Link>
  );
}
