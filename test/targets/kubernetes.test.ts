import { describeTarget } from '@vvp/backstage-plugin-deploy-node/testUtils';
import { OpenApiValidator } from '../simulators/kubernetes';
import { startKubernetesHarness } from './kubernetesHarness';

const validator = new OpenApiValidator();

describeTarget('a Deployment', () =>
  startKubernetesHarness('Deployment', { validator }),
);

describeTarget('a StatefulSet', () =>
  startKubernetesHarness('StatefulSet', { validator }),
);

describeTarget('a DaemonSet', () =>
  startKubernetesHarness('DaemonSet', { validator }),
);

it('was all understood by the API server’s own description', async () => {
  await validator.save('kubernetes-target');

  expect(validator.violations).toEqual([]);
  expect(validator.unvalidated).toEqual([]);
  expect(Object.keys(validator.counts)).not.toEqual([]);
});
