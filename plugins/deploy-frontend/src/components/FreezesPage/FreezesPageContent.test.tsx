import { InputError, NotAllowedError } from '@backstage/errors';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DeployApi } from '@vvp/backstage-plugin-deploy-common';
import { sampleFreeze } from '../../__testUtils__/promotionSamples';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import { FreezesPageContent } from './FreezesPageContent';

function show(part: Partial<DeployApi> = {}) {
  const deployApi = createDeployApi({
    listFreezes: jest.fn(async () => ({ items: [sampleFreeze()] })),
    ...part,
  });
  renderWithDeployApi(<FreezesPageContent />, { deployApi });
  return deployApi;
}

async function openForm() {
  await userEvent.click(
    await screen.findByRole('button', { name: 'Set a freeze…' }),
  );
  return within(screen.getByRole('dialog'));
}

describe('FreezesPageContent', () => {
  it('shows windows, scope, what is let through, and who set it', async () => {
    show();

    const list = within(await screen.findByRole('list', { name: 'Freezes' }));

    expect(list.getByText('Weekend')).toBeInTheDocument();
    expect(list.getByText('In force')).toBeInTheDocument();
    expect(
      list.getByText(
        'Where: tier production. Hotfixes and rollbacks are let through.',
      ),
    ).toBeInTheDocument();
    expect(
      list.getByText(/on the clock of Europe\/Berlin/),
    ).toBeInTheDocument();
    expect(list.getByRole('link', { name: 'omar' })).toBeInTheDocument();
    expect(
      [...document.querySelectorAll('time')].map(({ dateTime }) => dateTime),
    ).toEqual([
      // Until when is what one wants to know first.
      '2026-11-23T05:00:00Z',
      '2026-11-20T14:00:00Z',
      '2026-11-27T14:00:00Z',
      '2026-11-30T05:00:00Z',
    ]);
  });

  it('sets a dated one', async () => {
    const setFreeze = jest.fn(async () =>
      sampleFreeze({ id: 'freeze-1', current: undefined }),
    );
    show({ setFreeze });
    const form = await openForm();

    await userEvent.type(form.getByLabelText(/^Name/), 'Move');
    await userEvent.type(form.getByLabelText(/^Reason/), 'The database moves.');
    fireEvent.change(form.getByLabelText(/^From/), {
      target: { value: '2096-12-23T18:00' },
    });
    fireEvent.change(form.getByLabelText(/^To/), {
      target: { value: '2096-12-24T06:00' },
    });
    await userEvent.click(form.getByRole('checkbox', { name: 'Hotfixes' }));
    await userEvent.click(form.getByRole('button', { name: 'Set it' }));

    await waitFor(() =>
      expect(setFreeze).toHaveBeenCalledWith({
        title: 'Move',
        reason: 'The database moves.',
        window: {
          from: new Date('2096-12-23T18:00').toISOString(),
          to: new Date('2096-12-24T06:00').toISOString(),
        },
        scope: { tiers: ['production'] },
        allows: ['rollback', 'hotfix'],
      }),
    );
    expect(await screen.findByText('Just set')).toBeInTheDocument();
  });

  it('sets a recurring one, and shows what the backend finds wrong with its rule', async () => {
    const setFreeze = jest.fn(async () => {
      throw new InputError('window.rrule: it opens every second.');
    });
    show({ setFreeze });
    const form = await openForm();

    await userEvent.type(form.getByLabelText(/^Name/), 'Weekend');
    await userEvent.type(form.getByLabelText(/^Reason/), 'Nobody is there.');
    await userEvent.selectOptions(form.getByLabelText('When'), 'recurring');
    await userEvent.type(form.getByLabelText(/^Rule/), 'FREQ=SECONDLY');
    fireEvent.change(form.getByLabelText(/^Time zone/), {
      target: { value: 'Europe/Berlin' },
    });
    fireEvent.change(form.getByLabelText(/^First window/), {
      target: { value: '2026-11-20T15:00' },
    });
    await userEvent.type(form.getByLabelText(/^Length of each/), '63');
    await userEvent.click(form.getByRole('button', { name: 'Set it' }));

    expect(await form.findByRole('alert')).toHaveTextContent(
      'It was not set: window.rrule: it opens every second.',
    );
    expect(setFreeze).toHaveBeenCalledWith(
      expect.objectContaining({
        window: {
          rrule: 'FREQ=SECONDLY',
          timeZone: 'Europe/Berlin',
          start: '2026-11-20T15:00',
          duration: 'PT3780M',
        },
      }),
    );
  });

  it('says a rule in words, and shows its next windows before it is set', async () => {
    const previewFreeze = jest.fn(async () => ({
      windows: [
        { from: '2096-11-23T14:00:00Z', to: '2096-11-26T05:00:00Z' },
        { from: '2096-11-30T14:00:00Z', to: '2096-12-03T05:00:00Z' },
      ],
    }));
    const deployApi = show({ previewFreeze });
    const form = await openForm();

    await userEvent.selectOptions(form.getByLabelText('When'), 'recurring');
    await userEvent.type(form.getByLabelText(/^Rule/), 'FREQ=WEEKLY');
    fireEvent.change(form.getByLabelText(/^Time zone/), {
      target: { value: 'Europe/Berlin' },
    });
    fireEvent.change(form.getByLabelText(/^First window/), {
      target: { value: '2096-11-23T15:00' },
    });
    expect(previewFreeze).not.toHaveBeenCalled();
    await userEvent.type(form.getByLabelText(/^Length of each/), '63');

    const windows = within(
      await form.findByRole('list', { name: 'Its next windows' }),
    );
    expect(windows.getAllByRole('listitem')).toHaveLength(2);
    expect(
      form.getByText(/^every week on Friday at 15:00, for 63 hours/),
    ).toBeInTheDocument();
    expect(previewFreeze).toHaveBeenLastCalledWith({
      rrule: 'FREQ=WEEKLY',
      timeZone: 'Europe/Berlin',
      start: '2096-11-23T15:00',
      duration: 'PT3780M',
    });
    expect(deployApi.setFreeze).not.toHaveBeenCalled();
  });

  it('says before it is set that a rule would be refused', async () => {
    show({
      previewFreeze: async () => {
        throw new InputError('window.rrule: has no window from now on.');
      },
    });
    const form = await openForm();
    await userEvent.selectOptions(form.getByLabelText('When'), 'recurring');
    fireEvent.change(form.getByLabelText(/^First window/), {
      target: { value: '2096-11-23T15:00' },
    });
    await userEvent.type(form.getByLabelText(/^Length of each/), '63');
    await userEvent.type(
      form.getByLabelText(/^Rule/),
      'FREQ=DAILY;UNTIL=20200101T000000Z',
    );

    expect(
      await form.findByText(/window\.rrule: has no window from now on\./),
    ).toBeInTheDocument();
  });

  it('says what is missing before it asks', async () => {
    const deployApi = show();
    const form = await openForm();

    await userEvent.click(form.getByRole('button', { name: 'Set it' }));

    expect(form.getByText(/^Give it a name/)).toBeInTheDocument();
    expect(form.getAllByText('Name a date and a time.')).toHaveLength(2);
    expect(deployApi.setFreeze).not.toHaveBeenCalled();
  });

  it('ends one', async () => {
    const endFreeze = jest.fn(async () => {});
    const deployApi = show({ endFreeze });

    await userEvent.click(
      await screen.findByRole('button', { name: 'End Weekend…' }),
    );
    await userEvent.click(
      within(screen.getByRole('dialog')).getByRole('button', {
        name: 'End it',
      }),
    );

    await waitFor(() => expect(endFreeze).toHaveBeenCalledWith('freeze-1'));
    await waitFor(() => expect(deployApi.listFreezes).toHaveBeenCalledTimes(2));
  });

  it('offers no end of what the configuration sets', async () => {
    show({
      listFreezes: async () => ({
        items: [sampleFreeze({ by: 'configuration', current: undefined })],
      }),
    });

    expect(await screen.findByText('To come')).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: /^End/ }),
    ).not.toBeInTheDocument();
  });

  it.each([
    [new NotAllowedError('No'), 'You may not see the freezes'],
    [new Error('503'), 'The freezes could not be loaded'],
  ])('says what is wrong: %s', async (error, text) => {
    show({
      listFreezes: async () => {
        throw error;
      },
    });

    expect(await screen.findByText(text)).toBeInTheDocument();
  });

  it('says that there is none', async () => {
    show({ listFreezes: async () => ({ items: [] }) });

    expect(
      await screen.findByText('No freeze is in force or to come.'),
    ).toBeInTheDocument();
  });
});
