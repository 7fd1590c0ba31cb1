import {
  SERVICE,
  startIssuer,
} from '../../../operations/__testUtils__/startIssuer';

type Issuer = Awaited<ReturnType<typeof startIssuer>>;

/** What tests do with watches over the releases of the issuer. */
export function watching(issuer: () => Issuer) {
  return {
    /** The last of its three deployments, as if it had just finished. */
    async beFresh() {
      await issuer()
        .backend.knex('deployments')
        .where({ run_id: '3' })
        .update({ finished_at: new Date().toISOString() });
    },

    /** Looks so often, as if the time between looks had gone by. */
    async look(times = 1) {
      const { backend } = issuer();
      for (let time = 0; time < times; time++) {
        await backend
          .knex('deployment_watches')
          .where({ state: 'watching' })
          .update({ due_at: new Date(0).toISOString() });
        await backend.run('watch');
      }
    },

    /** As if the portal had been away so long since the last look. */
    async beAway(milliseconds: number) {
      const { backend } = issuer();
      const [row] = await backend.knex('deployment_watches');
      const earlier = (at: string) =>
        new Date(Date.parse(at) - milliseconds).toISOString();
      await backend.knex('deployment_watches').update({
        started_at: earlier(row.started_at),
        due_at: earlier(row.due_at),
      });
    },

    /** The watch over the deployment of a commit. */
    async watchOf(commit: string) {
      const { body } = await issuer().backend.get(
        `${SERVICE}/deployments?commit=${commit}`,
      );
      return body.items[0].watch;
    },

    audits: (eventId: string) =>
      issuer().auditor.events.filter(event => event.eventId === eventId),
  };
}
