import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  formatSpecFindings,
  parsePipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { promotionPolicyFor } from './promotionPolicyFor';

const examples = join(__dirname, '../../../../../examples');

/** Production of a service, as far as an example says what holds there. */
function productionOf(repository: string, key: string) {
  const result = parsePipelineSpec(
    readFileSync(join(examples, repository, 'deploy.yaml'), 'utf8'),
  );
  if (!result.ok) {
    throw new Error(formatSpecFindings(result.findings, 'deploy.yaml'));
  }
  const service = result.spec.services.find(each => each.key === key);
  const environments = service?.environments ?? [];
  const earlier = environments.findIndex(({ name }) => name === 'production');
  const policyOf = (kind: 'regular' | 'hotfix') =>
    promotionPolicyFor(
      {
        entityRef: `component:default/${key}`,
        repository: `example-org/${repository}`,
        environment: 'production',
        tier: environments[earlier].tier,
        earlier,
      },
      [],
      environments[earlier].promotion,
      kind,
    );
  return { policyOf, earlier };
}

const voices = {
  platform: { from: ['group:default/platform-team'], required: 1 },
  eitherTwice: {
    from: ['group:default/voice-team', 'group:default/platform-team'],
    required: 2,
  },
  anybody: { required: 1 },
};

describe('production of the examples', () => {
  it.each([
    {
      repository: 'vvp',
      service: 'verifier',
      earlier: 0,
      approvals: [voices.platform],
      automatic: false,
      refs: undefined,
    },
    {
      repository: 'phoenix-orchestrator',
      service: 'data-router-rs',
      earlier: 2,
      approvals: [voices.anybody],
      automatic: false,
      refs: { branches: ['main'], tags: ['v*'] },
    },
    {
      repository: 'sandbox-broker',
      service: 'sandbox-broker-api',
      earlier: 0,
      approvals: [voices.anybody],
      automatic: false,
      refs: undefined,
    },
    {
      repository: 'edenco',
      service: 'backend',
      earlier: 1,
      approvals: [],
      automatic: true,
      refs: { branches: ['main'] },
    },
    {
      repository: 'ngx-voice',
      service: 'ngx-voice-agent',
      earlier: 2,
      approvals: [voices.eitherTwice],
      automatic: false,
      refs: { branches: ['main'] },
    },
  ])(
    'of $repository asks for what its document says',
    ({ repository, service, earlier, ...expected }) => {
      const production = productionOf(repository, service);

      expect(production.earlier).toBe(earlier);
      expect(production.policyOf('regular')).toEqual({
        ...expected,
        class: 'regular',
        selfApproval: false,
        order: 'previous',
        soakSeconds: 0,
        expiresAfterSeconds: 7 * 24 * 60 * 60,
        seam: 'protection-rule',
      });
    },
  );

  it('takes a security fix of ngx-voice with the approval of anybody', () => {
    const { policyOf } = productionOf('ngx-voice', 'ngx-voice-agent');

    expect(policyOf('hotfix')).toMatchObject({
      approvals: [voices.anybody],
      selfApproval: false,
      order: 'previous',
    });
  });
});
