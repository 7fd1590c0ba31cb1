import { sampleCommit, sampleDeployment } from '../__testUtils__/samples';
import { commitUrl, runUrl, safeUrl, shortCommit } from './links';

const scriptUrl = ['javascript', 'alert(1)'].join(':');

describe('safeUrl', () => {
  it.each([
    ['https://github.example.test/a', true],
    ['http://127.0.0.1:3000/a', true],
    [scriptUrl, false],
    ['data:text/html,hi', false],
    ['/relative', false],
    ['', false],
    [undefined, false],
  ])('lets %s through: %s', (url, passes) => {
    expect(safeUrl(url)).toBe(passes ? url : undefined);
  });
});

describe('commitUrl', () => {
  const base = 'https://github.example.test/example-org/vvp';
  const commit = sampleCommit('a1b2c3d');
  const run = { runId: '1', attempt: 1 };

  it.each([
    [
      'the run',
      { url: undefined, run: { ...run, url: `${base}/actions/runs/1` } },
    ],
    ['the job', { url: `${base}/actions/runs/1/job/2`, run: undefined }],
  ])('is told from the address of %s', (_name, part) => {
    expect(commitUrl(sampleDeployment(part))).toBe(`${base}/commit/${commit}`);
  });

  it.each([
    ['there is no address', { url: undefined, run: undefined }],
    ['the address is of something else', { url: `${base}/deployments`, run }],
  ])('is unknown where %s', (_name, part) => {
    expect(commitUrl(sampleDeployment(part))).toBeUndefined();
  });
});

describe('runUrl', () => {
  it('prefers the job to the whole run', () => {
    const deployment = sampleDeployment();

    expect(runUrl(deployment)).toBe(deployment.url);
    expect(runUrl({ ...deployment, url: undefined })).toBe(deployment.run?.url);
    expect(
      runUrl({ ...deployment, url: scriptUrl, run: undefined }),
    ).toBeUndefined();
  });
});

describe('shortCommit', () => {
  it('keeps seven digits', () => {
    expect(shortCommit(sampleCommit('a1b2c3d'))).toBe('a1b2c3d');
  });
});
