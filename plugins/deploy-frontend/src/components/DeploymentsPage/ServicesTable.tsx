import { parseEntityRef } from '@backstage/catalog-model';
import { Link } from '@backstage/core-components';
import {
  EntityRefLink,
  useEntityRefLink,
} from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import {
  EnvironmentTier,
  environmentTiers,
  ServiceSummary,
} from '@vvp/backstage-plugin-deploy-common';
import { EnvironmentLine, mutedColor } from '../common';

const useStyles = makeStyles(theme => ({
  table: {
    '& th': { color: mutedColor(theme), fontWeight: 600 },
    '& td, & tbody th': { verticalAlign: 'top' },
    // A long name leaves room for what runs where.
    [theme.breakpoints.up('sm')]: {
      '& tbody th': { maxWidth: '24em' },
      '& td': { minWidth: '9em' },
    },
    // On a phone a row becomes a block: its cells stand below each other, each with its own heading.
    [theme.breakpoints.down('xs')]: {
      '& thead': { display: 'none' },
      '&, & tbody, & tr, & td, & tbody th': { display: 'block' },
      '& td, & tbody th': {
        borderBottom: 'none',
        padding: theme.spacing(0.5, 0),
      },
      '& tr': {
        borderBottom: `1px solid ${theme.palette.divider}`,
        // Every other row has a colour of its own, which words must not touch the edge of.
        padding: theme.spacing(1, 1.5),
      },
      '& td:empty': { display: 'none' },
    },
  },
  service: { overflowWrap: 'anywhere', minWidth: '12em' },
  name: { fontWeight: 600 },
  owner: { color: mutedColor(theme), fontSize: '0.8125rem', fontWeight: 400 },
  tier: { textTransform: 'capitalize' },
  environments: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'grid',
    gap: theme.spacing(1),
  },
  none: { color: mutedColor(theme) },
}));

/**
 * Services and what runs in their environments, one column for each tier that any of them has.
 *
 * @internal
 */
export function ServicesTable(props: {
  services: ServiceSummary[];
  tier?: EnvironmentTier;
}) {
  const { services, tier } = props;
  const classes = useStyles();
  const tiers = environmentTiers.filter(one =>
    tier
      ? one === tier
      : services.some(({ environments }) =>
          environments.some(environment => environment.tier === one),
        ),
  );
  return (
    // The roles are spelled out since a table laid out as blocks loses its own.
    <Table
      className={classes.table}
      size="small"
      role="table"
      aria-label="Services and what runs where"
    >
      <TableHead role="rowgroup">
        <TableRow role="row">
          <TableCell role="columnheader">Service</TableCell>
          {tiers.map(one => (
            <TableCell key={one} role="columnheader" className={classes.tier}>
              {one}
            </TableCell>
          ))}
        </TableRow>
      </TableHead>
      <TableBody role="rowgroup">
        {services.map(service => (
          <ServiceRow key={service.entityRef} service={service} tiers={tiers} />
        ))}
      </TableBody>
    </Table>
  );
}

function ServiceRow(props: {
  service: ServiceSummary;
  tiers: EnvironmentTier[];
}) {
  const { service, tiers } = props;
  const { entityRef, title, owner } = service;
  const classes = useStyles();
  const entityLink = useEntityRefLink();
  return (
    <TableRow role="row">
      <TableCell
        component="th"
        scope="row"
        role="rowheader"
        className={classes.service}
      >
        <Link
          className={classes.name}
          to={`${entityLink(entityRef)}/deployments`}
        >
          {title ?? parseEntityRef(entityRef).name}
        </Link>
        {owner && (
          <div className={classes.owner}>
            <EntityRefLink
              entityRef={owner}
              defaultKind="group"
              color="inherit"
            />
          </div>
        )}
      </TableCell>
      {tiers.map(tier => (
        <TableCell key={tier} role="cell">
          <TierEnvironments service={service} tier={tier} />
        </TableCell>
      ))}
    </TableRow>
  );
}

function TierEnvironments(props: {
  service: ServiceSummary;
  tier: EnvironmentTier;
}) {
  const classes = useStyles();
  const environments = props.service.environments
    .filter(({ tier }) => tier === props.tier)
    .sort((left, right) => left.order - right.order);
  if (environments.length === 0) {
    return null;
  }
  return (
    <ul className={classes.environments}>
      {environments.map(environment => (
        <li key={environment.name}>
          <EnvironmentLine
            environment={environment}
            // In its tier's column the name says something only if it differs.
            showName={environment.name !== props.tier}
          />
        </li>
      ))}
    </ul>
  );
}
