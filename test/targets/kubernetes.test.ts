import {
  describeCanary,
  describeTarget,
} from '@vvp/backstage-plugin-deploy-node/testUtils';
import { deaths } from '../faults/sampling';
import { OpenApiValidator } from '../simulators/kubernetes';
import {
  startCanaryHarness,
  startKubernetesHarness,
} from './kubernetesHarness';

const validator = new OpenApiValidator();

describeTarget(
  'a Deployment',
  () => startKubernetesHarness('Deployment', { validator }),
  deaths,
);

describeTarget(
  'a StatefulSet',
  () => startKubernetesHarness('StatefulSet', { validator }),
  deaths,
);

describeTarget(
  'a DaemonSet',
  () => startKubernetesHarness('DaemonSet', { validator }),
  deaths,
);

// A rollout takes several rounds of the controllers, also on a machine that is busy.
describeCanary('a Deployment', () => startCanaryHarness({ validator }), {
  stepLimitMs: 60_000,
});

it('was all understood by the API server’s own description', async () => {
  await validator.save('kubernetes-target');

  expect(validator.violations).toEqual([]);
  expect(validator.unvalidated).toEqual([]);
  expect(Object.keys(validator.counts)).not.toEqual([]);
});
