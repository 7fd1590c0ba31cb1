import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import {
  Deployment,
  EnvironmentOverview,
} from '@vvp/backstage-plugin-deploy-common';
import { createContext, useContext } from 'react';
import { useMayPromote } from '../../hooks/useMayPromote';
import { nextEnvironment } from '../../logic/promote';
import { releaseName } from '../../logic/promotions';

const useStyles = makeStyles({ button: { textTransform: 'none' } });

/**
 * How a release in the history is promoted; absent where that cannot be done.
 *
 * @internal
 */
export const PromotionStart = createContext<
  | {
      environments: readonly EnvironmentOverview[];
      promote(environment: string, release: string): void;
    }
  | undefined
>(undefined);

/**
 * Offers to promote the release of a deployment to the environment that comes next.
 *
 * @internal
 */
export function PromoteRelease(props: { deployment: Deployment }) {
  const { deployment } = props;
  const start = useContext(PromotionStart);
  const next = nextEnvironment(
    start?.environments ?? [],
    deployment.environment,
  );
  return start && next && !deployment.release.quarantine ? (
    <PromoteButton
      deployment={deployment}
      environment={next.name}
      onPromote={() => start.promote(next.name, deployment.release.id)}
    />
  ) : null;
}

function PromoteButton(props: {
  deployment: Deployment;
  environment: string;
  onPromote(): void;
}) {
  const { deployment, environment, onPromote } = props;
  const classes = useStyles();
  const mayPromote = useMayPromote(deployment.entityRef, environment);
  return mayPromote ? (
    <Button
      className={classes.button}
      size="small"
      variant="outlined"
      color="primary"
      onClick={onPromote}
      aria-label={`Promote ${releaseName(
        deployment.release,
      )} to ${environment}…`}
    >
      Promote to {environment}…
    </Button>
  ) : null;
}
