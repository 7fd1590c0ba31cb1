import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { VersionServer } from '../version/__testUtils__/versionServer';
import { lookAtLeft } from './lookAtLeft';

const commit = 'a'.repeat(40);
const known = { commit: 'b'.repeat(40), at: '2026-01-04T12:00:00.000Z' };
const config = { allowedHosts: [], allowLoopback: true };

describe('lookAtLeft', () => {
  let server: VersionServer;

  beforeAll(async () => {
    server = await VersionServer.start();
  });

  afterAll(() => server.stop());

  /** What is told of production; `ask` is its platform, where there is one. */
  function look(options: {
    ask?: () => Promise<{ id: string; commit?: string } | undefined>;
    inPlace?: boolean;
    type?: string;
    asksVersion?: boolean;
  }) {
    const { ask, inPlace = true, type = 'azure-container-app' } = options;
    const environment = {
      name: 'production',
      url: `http://127.0.0.1:${server.port}`,
      definition: {
        target: { type },
        ...(options.asksVersion && {
          version: {
            url: `http://127.0.0.1:${server.port}/version`,
            commit: '$.git_sha',
          },
        }),
      },
    } as KnownEnvironment;
    const verify = async (_: unknown, revision: string) => ({
      inPlace: inPlace && revision === 'r1',
    });
    const environments = {
      find: async () => environment,
      isDriven: () => ask !== undefined,
      driven: () => ({
        target: { currentRevision: ask, verify },
        environment: {},
      }),
    } as unknown as Pick<TargetEnvironments, 'find' | 'isDriven' | 'driven'>;
    return lookAtLeft(
      environments,
      async () => known,
      config,
      'e1',
      new AbortController().signal,
    );
  }

  it('asks the version address and the platform', async () => {
    server.answerJson({ git_sha: commit });

    const left = await look({
      asksVersion: true,
      ask: async () => ({ id: 'r1', commit: known.commit }),
    });

    expect(left).toEqual({
      environment: 'production',
      seen: [
        { commit, by: 'The version address' },
        { commit: known.commit, by: 'The platform' },
      ],
      known,
    });
  });

  it('takes no word of an address for all that runs there', async () => {
    server.answerJson({ git_sha: commit });

    const left = await look({ asksVersion: true });

    expect(left.seen).toHaveLength(1);
    expect(left.why).toBe('No platform tells whether that is all.');
  });

  it('takes no part of what runs there for all of it', async () => {
    const left = await look({
      ask: async () => ({ id: 'r1', commit }),
      inPlace: false,
    });

    expect(left.seen).toEqual([]);
    expect(left.why).toMatch(/aaaaaaaaaaaa runs there not alone/);
  });

  it('says why it is not known', async () => {
    server.answerJson({});

    const [address, platform, refused, nothing] = [
      await look({
        asksVersion: true,
        ask: async () => ({ id: 'r1', commit }),
      }),
      await look({ ask: async () => undefined }),
      await look({
        ask: async () => {
          throw new TargetError('denied', 'It may not be read.');
        },
      }),
      await look({}),
    ];

    expect(address.why).toContain('version');
    expect(platform.why).toBe('The platform tells no commit of what runs.');
    expect(refused.why).toBe('It may not be read.');
    expect(nothing).toEqual({ environment: 'production', seen: [], known });
  });

  it('takes no word of a workflow that was only told what to do', async () => {
    const left = await look({
      type: 'github-workflow',
      ask: async () => ({ id: 'r1', commit }),
    });

    expect(left.seen).toEqual([]);
  });

  it('comes back where the platform is away for a moment', async () => {
    const asked = look({
      ask: async () => {
        throw new TargetError('transient', 'It does not answer.');
      },
    });

    await expect(asked).rejects.toThrow('It does not answer.');
  });
});
