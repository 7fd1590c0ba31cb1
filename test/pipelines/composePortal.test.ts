import { rm } from 'node:fs/promises';
import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/migratedDatabase';
import { createGithubWorkflowTarget } from '@vvp/backstage-plugin-deploy-backend/src/workflows';
import { GithubWorkflowSpec } from '@vvp/backstage-plugin-deploy-backend/src/workflows/planWorkflowRollback';
import { TargetEnvironment } from '@vvp/backstage-plugin-deploy-node';
import type { GithubSimulator } from '../simulators/github/client';
import { conclusions, expectNoViolations } from '../simulators/github/testing';
import {
  GithubWorkflowWorld,
  startWorkflowGithub,
  TestStep,
} from '../targets/githubWorkflowWorld';
import { Generated, generateExample, writeRepository } from './specRepository';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });
const signal = () => new AbortController().signal;

/** The portal's target `github-workflow`, on the workflows that are generated for Edenco. */
describe.each(databases.eachSupportedId())(
  'a rollback of docker compose by the portal, on %s',
  databaseId => {
    let generated: Generated;
    let folder: string;
    let github: GithubSimulator;
    let world: GithubWorkflowWorld;
    let repository: string;

    beforeAll(async () => {
      generated = await generateExample('edenco');
      folder = await writeRepository(generated.files, {
        'README.md': '# Edenco\n',
      });
      github = await startWorkflowGithub();
      world = new GithubWorkflowWorld(
        github,
        await migratedDatabase(databases, databaseId),
      );
      const created = await github.createRepository({
        owner: 'example-org',
        name: 'edenco',
        folder,
      });
      repository = created.fullName.toLowerCase();
    });

    afterAll(async () => {
      await expectNoViolations(github, 'compose-portal');
      await github.stop();
      await rm(folder, { recursive: true });
    });

    it.each([
      ['backend', 'staging'],
      ['frontend', 'production'],
    ])('brings the %s back in %s', async (key, name) => {
      const placed = generated.spec.services
        .find(service => service.key === key)
        ?.environments.find(one => one.name === name);
      if (placed?.target?.type !== 'github-workflow') {
        throw new Error('The spec has no such target.');
      }
      const service = await world.addService(repository, `edenco-${key}`, {
        name,
        jobs: placed.jobs,
      });
      const push = (text: string) =>
        world.push(repository, {
          message: text,
          files: { [`${key}/main`]: `${text}\n` },
        });
      const older = await push(`${key} 1`);
      const current = await push(`${key} 2`);
      const environment: TargetEnvironment<GithubWorkflowSpec> = {
        entityRef: service.entityRef,
        repository,
        environment: name,
        tier: 'production',
        target: placed.target,
      };
      const target = createGithubWorkflowTarget(world.access);
      expect((await target.currentRevision(environment, signal()))?.id).toBe(
        current,
      );

      const { steps } = await target.planRollback(environment, older, signal());
      const result = await target.executeStep(
        environment,
        steps[0],
        new TestStep().control(),
      );

      expect(result.output).toMatchObject({ conclusion: 'success' });
      const [dispatched] = await world.runs(repository);
      expect(dispatched.display_title).toMatch(
        new RegExp(`^Bring back ${older}: ${name} ${key} \\S+$`),
      );
      const run = conclusions(await github.run(repository, dispatched.id));
      expect(
        Object.entries(run).filter(
          ([, conclusion]) => conclusion !== 'skipped',
        ),
      ).toEqual([[`bring-back-${key}-${name}`, 'success']]);
      expect(await target.verify(environment, older, signal())).toMatchObject({
        serving: older,
        inPlace: true,
      });
    });
  },
);
