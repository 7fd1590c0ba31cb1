import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { KubernetesSimulator, OpenApiValidator } from '.';
import { RecordedStep, Recorder } from './oracle/Driver';
import { normalise } from './oracle/normalise';
import { playSession } from './oracle/session';

const recorded: { server: string; steps: RecordedStep[] } = JSON.parse(
  readFileSync(
    resolve(__dirname, '../../fixtures/kubernetes/recorded/session.json'),
    'utf8',
  ),
);

describe(`the simulator beside ${recorded.server}`, () => {
  const validator = new OpenApiValidator([
    '/apis/apps/v1/namespaces/oracle/nonsense',
  ]);
  let replayed: RecordedStep[];

  beforeAll(async () => {
    const simulator = await KubernetesSimulator.start({
      tokens: { 'admin-token': 'admin', 'stranger-token': 'deployer' },
      roundMs: 1,
      startMs: 5,
      timeScale: 10,
      validator,
    });
    simulator.denyAll('deployer');
    const recorder = new Recorder({
      url: simulator.url,
      token: 'admin-token',
      strangerToken: 'stranger-token',
      quietMs: 60,
      setFate: async (image, fate) => simulator.setFate(image, fate),
      setQuota: async (namespace, pods) => simulator.setQuota(namespace, pods),
    });
    await playSession(recorder);
    replayed = normalise(recorder.steps);
    await simulator.stop();
  }, 240_000);

  it.each(recorded.steps.map(step => [step.name, step] as const))(
    'answers alike: %s',
    (name, step) => {
      const mine = replayed.find(other => other.name === name);

      expect(mine?.exchanges.map(({ request }) => request)).toEqual(
        step.exchanges.map(({ request }) => request),
      );
      expect(mine?.exchanges.map(({ response }) => response)).toEqual(
        step.exchanges.map(({ response }) => response),
      );
    },
  );

  it('answers as the server describes itself', async () => {
    await validator.save('kubernetes-recorded');

    expect(validator.violations).toEqual([]);
    expect(validator.unvalidated).toEqual([]);
  });

  it('went through all of the steps', () => {
    expect(replayed.map(({ name }) => name)).toEqual(
      recorded.steps.map(({ name }) => name),
    );
  });
});
