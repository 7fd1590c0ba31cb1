import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { VersionServer } from '../version/__testUtils__/versionServer';
import { lookAtLeft } from './lookAtLeft';

const commit = 'a'.repeat(40);
const config = { allowedHosts: [], allowLoopback: true };

describe('lookAtLeft', () => {
  let server: VersionServer;

  beforeAll(async () => {
    server = await VersionServer.start();
  });

  afterAll(() => server.stop());

  /** What is told of production; `ask` is its platform, where there is one. */
  function look(options: {
    ask?: () => Promise<{ commit?: string } | undefined>;
    type?: string;
    asksVersion?: boolean;
  }) {
    const { ask, type = 'azure-container-app', asksVersion } = options;
    const known = {
      name: 'production',
      url: `http://127.0.0.1:${server.port}`,
      definition: {
        target: { type },
        ...(asksVersion && {
          version: {
            url: `http://127.0.0.1:${server.port}/version`,
            commit: '$.git_sha',
          },
        }),
      },
    } as KnownEnvironment;
    const environments = {
      find: async () => known,
      isDriven: () => ask !== undefined,
      driven: () => ({ target: { currentRevision: ask }, environment: {} }),
    } as unknown as Pick<TargetEnvironments, 'find' | 'isDriven' | 'driven'>;
    return lookAtLeft(environments, config, 'e1', new AbortController().signal);
  }

  it('believes the version address first', async () => {
    server.answerJson({ git_sha: commit });

    const left = await look({
      asksVersion: true,
      ask: async () => ({ commit: 'b'.repeat(40) }),
    });

    expect(left.serving).toEqual({ commit, by: 'The version address' });
  });

  it('asks the platform where the address says nothing', async () => {
    server.answerJson({});

    const left = await look({
      asksVersion: true,
      ask: async () => ({ commit }),
    });

    expect(left.serving).toEqual({ commit, by: 'The platform' });
  });

  it('says why it is not known', async () => {
    server.answerJson({});

    const [address, platform, refused, nothing] = [
      await look({ asksVersion: true }),
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
    expect(nothing).toEqual({ environment: 'production' });
  });

  it('takes no word of a workflow that was only told what to do', async () => {
    const left = await look({
      type: 'github-workflow',
      ask: async () => ({ commit }),
    });

    expect(left.serving).toBeUndefined();
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
