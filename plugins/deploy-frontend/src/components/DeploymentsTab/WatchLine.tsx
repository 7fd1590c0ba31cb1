import { Link } from '@backstage/core-components';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles, Theme } from '@material-ui/core/styles';
import { DeploymentWatch } from '@vvp/backstage-plugin-deploy-common';
import { rollbackUrl } from '../../logic/links';
import { Tone } from '../../logic/status';
import { watchText } from '../../logic/watch';
import { ExactMoment, toneColor } from '../common';

const useStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  root: {
    color: theme.palette.text.primary,
    fontSize: '0.875rem',
    lineHeight: 1.5,
    overflowWrap: 'anywhere',
  },
  title: { fontWeight: 600, color: ({ tone }) => toneColor(theme, tone) },
  link: { textDecoration: 'underline' },
}));

/**
 * What came of watching a fresh deployment: until when it goes on, or why it was taken out or stays.
 *
 * @internal
 */
export function WatchLine(props: {
  entityRef: string;
  watch: DeploymentWatch;
}) {
  const { entityRef, watch } = props;
  const { title, text, tone } = watchText(watch);
  const classes = useStyles({ tone });
  const entityLink = useEntityRefLink();
  return (
    <div className={classes.root}>
      <span className={classes.title}>{title}</span>
      {watch.until && (
        <>
          {' '}
          until <ExactMoment at={watch.until} />
        </>
      )}
      {text && `: ${text}`}
      {watch.operationId && (
        <>
          {' '}
          <Link
            className={classes.link}
            to={rollbackUrl(String(entityLink(entityRef)), watch.operationId)}
          >
            Steps and logs
          </Link>
        </>
      )}
    </div>
  );
}
