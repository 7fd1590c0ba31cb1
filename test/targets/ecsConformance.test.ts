import {
  describeCanary,
  describeTarget,
} from '@vvp/backstage-plugin-deploy-node/testUtils';
import { deaths } from '../faults/sampling';
import { Ledger } from '../simulators/aws';
import { expectAwsValidated } from '../simulators/aws/testing';
import { startEcsHarness } from './ecsHarness';

const ledger = new Ledger();

afterAll(() => expectAwsValidated(ledger, 'ecs-conformance'));

describeTarget(
  'a rolling service of ECS',
  () => startEcsHarness({ ledger }),
  deaths,
);

describeTarget(
  'a service of ECS with a circuit breaker',
  () =>
    startEcsHarness({
      ledger,
      service: { circuitBreaker: { enable: true, rollback: true } },
    }),
  deaths,
);

describeTarget(
  'a blue/green service of ECS',
  () => startEcsHarness({ ledger, service: { strategy: 'BLUE_GREEN' } }),
  deaths,
);

describeCanary('a blue/green service of ECS', () =>
  startEcsHarness({
    ledger,
    service: { strategy: 'BLUE_GREEN' },
    // Nothing is over before it was looked at.
    simulator: { bakeTicks: 1_000_000 },
  }),
);
