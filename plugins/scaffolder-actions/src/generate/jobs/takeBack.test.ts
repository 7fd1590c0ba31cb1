import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { EXAMPLES, generate } from '../__testUtils__/generating';

function jobsOf(example: string): { steps: any[] }[] {
  const spec = path.join(EXAMPLES, example, 'deploy.yaml');
  return generate(readFileSync(spec, 'utf8'))
    .filter(file => file.path.endsWith('.yml'))
    .flatMap(({ content }) => Object.values<any>(parse(content).jobs));
}

describe('a deployment that is cancelled', () => {
  it.each([
    ['vvp', '.github/deploy/azure-container-app.sh', 'back'],
    ['sandbox-broker', '.github/deploy/aws-ecs.sh', 'cancelled'],
    ['ngx-voice', '.github/deploy/aws-ecs.sh', 'cancelled'],
    ['phoenix-orchestrator', '.github/deploy/kubernetes.sh', 'cancelled'],
  ])('of %s is taken back by the next step', (example, script, verb) => {
    const deploying = jobsOf(example).flatMap(({ steps }) =>
      steps.flatMap((step, index) =>
        step.run === script ? [[step, steps[index + 1]]] : [],
      ),
    );

    expect(deploying.length).toBeGreaterThan(0);
    for (const [deploy, next] of deploying) {
      expect(next).toMatchObject({
        name: 'Take back what was cancelled',
        if: 'cancelled()',
        run: `${script} ${verb}`,
      });
      // The same place, and nothing that is secret.
      expect(deploy.env).toMatchObject(next.env);
      expect(next.env).toHaveProperty('VERIFY_URL');
      expect(Object.keys(next.env).join()).not.toMatch(/SECRET_|SETTING_/);
    }
  });
});
