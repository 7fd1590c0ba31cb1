import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormGroup from '@material-ui/core/FormGroup';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  environmentTiers,
  FreezeExemption,
} from '@vvp/backstage-plugin-deploy-common';
import { useId } from 'react';
import { allowsText, FreezeForm } from '../../logic/freezes';
import { TextInput } from '../common';

const exemptions: { value: FreezeExemption; label: string }[] = [
  { value: 'rollback', label: 'Rollbacks' },
  { value: 'hotfix', label: 'Hotfixes' },
];

const useStyles = makeStyles(theme => ({
  label: {
    color: theme.palette.text.primary,
    fontSize: '0.875rem',
    fontWeight: 600,
  },
  choices: { color: theme.palette.text.primary },
}));

/**
 * Where a freeze reaches, and what it lets through.
 *
 * @internal
 */
export function FreezeScopeFields(props: {
  form: FreezeForm;
  onChange(part: Partial<FreezeForm>): void;
}) {
  const { form, onChange } = props;
  const id = useId();
  const names = (
    name: 'environments' | 'systems' | 'services',
    label: string,
    help: string,
  ) => (
    <TextInput
      id={`${id}-${name}`}
      label={label}
      size="small"
      value={form[name]}
      onChange={event => onChange({ [name]: event.target.value })}
      helperText={help}
      inputProps={{ spellCheck: false, autoCapitalize: 'off' }}
    />
  );
  return (
    <>
      <Choices
        label="Tiers (none: every tier)"
        options={environmentTiers.map(value => ({ value, label: value }))}
        chosen={form.tiers}
        onChange={tiers => onChange({ tiers })}
      />
      {names(
        'environments',
        'Environments (optional)',
        'Names, separated by commas. All that is given must hold.',
      )}
      {names(
        'systems',
        'Systems (optional)',
        'Entity refs such as system:default/vvp, separated by commas',
      )}
      {names(
        'services',
        'Services (optional)',
        'Entity refs such as component:default/vvp-verifier, separated by commas',
      )}
      <Choices
        label="Let through all the same"
        options={exemptions}
        chosen={form.allows}
        onChange={allows => onChange({ allows })}
      />
      <Typography variant="body2">{allowsText(form.allows)}</Typography>
    </>
  );
}

function Choices<T extends string>(props: {
  label: string;
  options: { value: T; label: string }[];
  chosen: readonly T[];
  onChange(chosen: T[]): void;
}) {
  const { label, options, chosen, onChange } = props;
  const classes = useStyles();
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <Typography className={classes.label} id={id}>
        {label}
      </Typography>
      <FormGroup row className={classes.choices}>
        {options.map(option => (
          <FormControlLabel
            key={option.value}
            control={
              <Checkbox
                color="primary"
                checked={chosen.includes(option.value)}
                onChange={event =>
                  onChange(
                    event.target.checked
                      ? [...chosen, option.value]
                      : chosen.filter(each => each !== option.value),
                  )
                }
              />
            }
            label={option.label}
          />
        ))}
      </FormGroup>
    </div>
  );
}
