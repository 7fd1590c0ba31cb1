import { InputError, NotAllowedError } from '@backstage/errors';
import {
  ActionForm,
  asksToConfirm,
  readAction,
  wordToConfirm,
} from './actions';

const now = Date.parse('2026-11-21T03:00:00Z');
const form: ActionForm = {
  reason: '  The database is being moved  ',
  period: 'open',
  until: '',
  confirm: '',
};

describe('readAction', () => {
  it('takes a reason without the spaces around it', () => {
    expect(readAction(form, { reason: true, expiry: true }, now)).toEqual({
      ok: true,
      request: { reason: 'The database is being moved' },
    });
  });

  it.each([
    ['1h', '', '2026-11-21T04:00:00.000Z'],
    ['custom', '2026-11-22T03:00Z', '2026-11-22T03:00:00.000Z'],
  ])('reckons the end of %s', (period, until, expiresAt) => {
    const read = readAction(
      { ...form, period, until },
      { reason: true, expiry: true },
      now,
    );

    expect(read).toMatchObject({ ok: true, request: { expiresAt } });
  });

  it.each([
    ['a short reason', { reason: 'no' }, { reason: expect.any(String) }],
    [
      'no time',
      { period: 'custom', until: '' },
      { until: 'Name a date and a time.' },
    ],
    [
      'a time gone by',
      { period: 'custom', until: '2026-11-20T03:00Z' },
      { until: 'Name a time that is still to come.' },
    ],
  ])('refuses %s', (_name, part, problems) => {
    expect(
      readAction({ ...form, ...part }, { reason: true, expiry: true }, now),
    ).toEqual({ ok: false, ...problems });
  });

  it('asks for nothing where nothing is asked', () => {
    expect(readAction({ ...form, reason: '' }, {}, now)).toEqual({
      ok: true,
      request: { reason: '' },
    });
  });

  it('passes on the word that was typed', () => {
    expect(
      readAction({ ...form, confirm: 'vvp' }, { reason: true }, now),
    ).toMatchObject({ request: { confirm: 'vvp' } });
  });
});

describe('asksToConfirm', () => {
  it.each([
    [new InputError('confirm: type vvp-verifier'), true],
    [new InputError('reason: say why'), false],
    [new NotAllowedError('You may not confirm this'), false],
  ])('reads %s', (error, asks) => {
    expect(asksToConfirm(error)).toBe(asks);
  });
});

describe('wordToConfirm', () => {
  it.each([
    [
      new InputError('confirm: has to be "vvp-verifier", the name'),
      'vvp-verifier',
    ],
    [new InputError('confirm: type vvp-verifier'), undefined],
    [new InputError('reason: has to be "better"'), undefined],
  ])('reads %s', (error, word) => {
    expect(wordToConfirm(error)).toBe(word);
  });
});
