import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  ANNOTATION_JOBS,
  ANNOTATION_PROJECT_SLUG,
  ANNOTATION_SERVICE,
  ANNOTATION_SPEC,
} from '@vvp/backstage-plugin-deploy-common';
import { useMayRead } from '../../hooks/useMayRead';
import { Loading, NotAllowed, Snippet } from '../common';
import { OwnerLine } from './OwnerLine';

const describing = [ANNOTATION_SPEC, ANNOTATION_SERVICE, ANNOTATION_JOBS];

const useStyles = makeStyles(theme => ({
  text: { maxWidth: '72ch', marginBottom: theme.spacing(1) },
  heading: { marginTop: theme.spacing(3), marginBottom: theme.spacing(1) },
}));

/**
 * Says what to add so that deployments show up.
 *
 * @internal
 */
export function NoEnvironments(props: {
  entity: Entity;
  /** The backend does not know the service, or does not show it to this user. */
  unknown?: boolean;
}) {
  const { entity, unknown } = props;
  return unknown ? (
    <UnknownService entity={entity} />
  ) : (
    <HowTo entity={entity} />
  );
}

function UnknownService(props: { entity: Entity }) {
  const { entity } = props;
  const mayRead = useMayRead(stringifyEntityRef(entity));
  if (mayRead === undefined) {
    return <Loading what="the environments" />;
  }
  return (
    <>
      {!mayRead && (
        <NotAllowed what="the deployments of this service" orNone>
          <OwnerLine entity={entity} />
        </NotAllowed>
      )}
      <HowTo entity={entity} hidden={!mayRead} />
    </>
  );
}

function HowTo(props: {
  entity: Entity;
  /** Perhaps it is all there already. */
  hidden?: boolean;
}) {
  const { entity, hidden } = props;
  const classes = useStyles();
  const { name, annotations } = entity.metadata;
  const slug = annotations?.[ANNOTATION_PROJECT_SLUG];
  const described = describing.some(key => Boolean(annotations?.[key]));
  return (
    <EntityInfoCard
      title={hidden ? 'If it is not set up yet' : 'No deployments known yet'}
    >
      <Typography className={classes.text}>
        {firstSentence(slug, described)}{' '}
        {described
          ? 'What it should say, one way or the other:'
          : 'Add one of the following, and every run from then on is shown here.'}
      </Typography>

      <Typography className={classes.heading} variant="h6" component="h4">
        Either name the jobs in catalog-info.yaml
      </Typography>
      <Snippet
        label="annotations for catalog-info.yaml"
        text={annotationSnippet(name, slug)}
      />

      <Typography className={classes.heading} variant="h6" component="h4">
        Or describe the pipeline in a deploy.yaml beside it
      </Typography>
      <Typography className={classes.text}>
        It can say more: several services of one repository, addresses, targets
        and where to read the running version. Where the repository holds
        several services, set <code>{ANNOTATION_SERVICE}</code> to the key of
        this one.
      </Typography>
      <Snippet label="deploy.yaml" text={specSnippet(name)} />
    </EntityInfoCard>
  );
}

function firstSentence(slug: string | undefined, described: boolean): string {
  if (!slug) {
    return 'Nothing says yet which repository this service is deployed from.';
  }
  return described
    ? `What describes the deployments of this service from ${slug} has not been read yet, or names no environment of it. It is read again by schedule and with every push.`
    : `Nothing says yet which jobs of ${slug} deploy this service, and to which environments.`;
}

function annotationSnippet(name: string, slug: string | undefined): string {
  return [
    'metadata:',
    `  name: ${name}`,
    '  annotations:',
    `    ${ANNOTATION_PROJECT_SLUG}: ${
      slug ?? 'your-organisation/your-repository'
    }`,
    `    ${ANNOTATION_JOBS}: production=deploy-${name}`,
    '',
  ].join('\n');
}

function specSnippet(name: string): string {
  return [
    'apiVersion: deploy.vvp.io/v1alpha1',
    'kind: Pipeline',
    'metadata:',
    `  name: ${name}`,
    'spec:',
    '  environments:',
    '    - name: production',
    '      tier: production',
    '  services:',
    `    ${name}:`,
    '      environments:',
    '        production:',
    '          jobs:',
    '            - workflow: deploy.yml',
    `              job: deploy-${name}`,
    '',
  ].join('\n');
}
