import { humanizeEntityRef } from '@backstage/plugin-catalog-react';
import { parseEntityRef } from '@backstage/catalog-model';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import {
  EnvironmentTier,
  environmentTiers,
} from '@vvp/backstage-plugin-deploy-common';
import { useState } from 'react';
import { useDebounce } from 'react-use';
import { ServiceListFilter } from '../../hooks/useServiceFilter';
import { ChoiceField, mutedColor } from '../common';

const typingMilliseconds = 250;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1.5),
    marginBottom: theme.spacing(2),
  },
  text: { flex: '2 1 220px' },
  label: { color: mutedColor(theme) },
}));

/**
 * Narrows and sorts the list of services.
 *
 * @internal
 */
export function ServiceFilters(props: {
  filter: ServiceListFilter;
  owners: string[];
  onChange(change: Partial<ServiceListFilter>): void;
}) {
  const { filter, owners, onChange } = props;
  const classes = useStyles();
  const [text, setText] = useState(filter.text);
  useDebounce(
    () => {
      if (text !== filter.text) onChange({ text });
    },
    typingMilliseconds,
    [text],
  );
  const choices =
    filter.owner && !owners.includes(filter.owner)
      ? [...owners, filter.owner]
      : owners;
  return (
    <div className={classes.root} role="search" aria-label="Filter services">
      <TextField
        className={classes.text}
        id="deploy-services-text"
        label="Service"
        placeholder="Part of the name"
        variant="outlined"
        size="small"
        InputLabelProps={{ shrink: true, className: classes.label }}
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <ChoiceField
        id="deploy-services-owner"
        label="Owner"
        value={filter.owner}
        onChange={owner => onChange({ owner })}
        options={[
          { value: '', text: 'Any' },
          ...choices.map(owner => ({ value: owner, text: ownerName(owner) })),
        ]}
      />
      <ChoiceField
        id="deploy-services-tier"
        label="Tier"
        value={filter.tier ?? ''}
        onChange={tier =>
          onChange({ tier: (tier || undefined) as EnvironmentTier | undefined })
        }
        options={[
          { value: '', text: 'All' },
          ...environmentTiers.map(tier => ({ value: tier, text: tier })),
        ]}
      />
      <ChoiceField
        id="deploy-services-sort"
        label="Sort by"
        value={filter.sort}
        onChange={sort => onChange({ sort: sort as ServiceListFilter['sort'] })}
        options={[
          { value: 'name', text: 'Name, A to Z' },
          { value: '-name', text: 'Name, Z to A' },
          { value: '-lastDeployed', text: 'Deployed last first' },
          { value: 'lastDeployed', text: 'Deployed longest ago first' },
        ]}
      />
    </div>
  );
}

function ownerName(owner: string): string {
  return humanizeEntityRef(parseEntityRef(owner), { defaultKind: 'group' });
}
