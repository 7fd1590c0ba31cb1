import { ConflictError, ServiceUnavailableError } from '@backstage/errors';
import { PromotionClass } from '@vvp/backstage-plugin-deploy-common';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { Judged, ReadinessDesk } from './ReadinessDesk';

const now = new Date('2026-01-05T12:00:00Z');
const environment = { name: 'production' } as KnownEnvironment;

/** One that judges regular promotions as ready, and fails for hotfixes. */
function deskThatFails(error: Error) {
  const desk = new ReadinessDesk(
    {} as ConstructorParameters<typeof ReadinessDesk>[0],
  );
  const judge = jest
    .spyOn(desk, 'judge')
    .mockImplementation(async (_, request) => {
      if (request.class === 'hotfix') {
        throw error;
      }
      return { state: 'ready', conditions: [] } as unknown as Judged;
    });
  return {
    judge,
    look: (kind: PromotionClass) =>
      desk.look(environment, { releaseId: 'one', class: kind }, now),
  };
}

describe('a look at readiness', () => {
  it('shows a hotfix that the policy no longer takes, with the reason', async () => {
    const { look } = deskThatFails(
      new ConflictError('Hotfixes are not let into production.'),
    );

    expect(await look('hotfix')).toMatchObject({
      state: 'blocked',
      conditions: [
        {
          id: 'spec:hotfix',
          state: 'unmet',
          reason: 'Hotfixes are not let into production.',
          overridable: false,
        },
      ],
    });
  });

  it('hides no other failure', async () => {
    const { look } = deskThatFails(
      new ServiceUnavailableError('The catalog does not answer.'),
    );

    await expect(look('hotfix')).rejects.toThrow('The catalog');
  });

  it('judges once where nothing is in the way', async () => {
    const { look, judge } = deskThatFails(new Error('never'));

    expect(await look('regular')).toMatchObject({ state: 'ready' });
    expect(judge).toHaveBeenCalledTimes(1);
  });
});
