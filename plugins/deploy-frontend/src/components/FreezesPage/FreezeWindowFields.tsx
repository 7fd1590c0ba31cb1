import { useId } from 'react';
import { FreezeForm, FreezeProblems } from '../../logic/freezes';
import { TextInput } from '../common';

/**
 * When a freeze is in force.
 *
 * @internal
 */
export function FreezeWindowFields(props: {
  form: FreezeForm;
  problems: FreezeProblems;
  onChange(part: Partial<FreezeForm>): void;
}) {
  const { form, problems, onChange } = props;
  const id = useId();
  const field = (
    name: 'from' | 'to' | 'rrule' | 'timeZone' | 'start' | 'hours',
    label: string,
    more: { type?: string; help?: string } = {},
  ) => (
    <TextInput
      required
      id={`${id}-${name}`}
      label={label}
      size="small"
      type={more.type}
      value={form[name]}
      onChange={event => onChange({ [name]: event.target.value })}
      error={Boolean(problems[name])}
      helperText={problems[name] ?? more.help}
      inputProps={{ spellCheck: false }}
    />
  );
  return form.kind === 'dated' ? (
    <>
      {field('from', 'From', {
        type: 'datetime-local',
        help: 'On the clock of your browser',
      })}
      {field('to', 'To', { type: 'datetime-local' })}
    </>
  ) : (
    <>
      {field('rrule', 'Rule', {
        help: 'RFC 5545, such as FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0',
      })}
      {field('timeZone', 'Time zone', {
        help: 'The rule is read on the clock there, also over daylight saving',
      })}
      {field('start', 'First window', {
        type: 'datetime-local',
        help: 'On the clock of the time zone above',
      })}
      {field('hours', 'Length of each window, hours', { type: 'number' })}
    </>
  );
}
