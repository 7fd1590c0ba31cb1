import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseReport } from '@vvp/backstage-plugin-deploy-backend/src/evidence/formats/parseReport';
import { SaxesParser } from 'saxes';
import { report } from './report';

const SIZE = 50_000_000;
const PASSES = 3;
const MEGABYTE = 1_000_000;

interface Pass {
  milliseconds: number;
  /** Growth of the process's resident memory to its peak. */
  megabytes: number;
}

/** A report of at least SIZE bytes, made of as many parts as that takes. */
function* generate(
  head: string,
  part: (index: number) => string,
  tail: string,
): Generator<string> {
  yield head;
  for (let index = 0, length = 0; length < SIZE; index += 1) {
    const text = part(index);
    length += text.length;
    yield text;
  }
  yield tail;
}

/** 200 cases a suite; one in fifty fails, with a trace. */
function junitSuite(index: number): string {
  const cases = Array.from({ length: 200 }, (_, at) => {
    const opening = `  <testcase classname="tests.unit.test_module_${index}.TestCalls" name="test_call_${at}[wss-${
      at * 7
    }]" time="0.${String(at).padStart(3, '0')}"`;
    return at % 50 === 7
      ? `${opening}><failure message="assert 200 == ${at}">Traceback (most recent call last):\n  File "tests/unit/test_module_${index}.py", line ${at}, in test_call\n    assert response.status == ${at}\nAssertionError: assert 200 == ${at}</failure></testcase>\n`
      : `${opening}/>\n`;
  });
  return `<testsuite name="module ${index}" tests="200" failures="4" errors="0" skipped="0" time="19.900" timestamp="2026-11-21T08:00:00+00:00">\n${cases.join(
    '',
  )}</testsuite>\n`;
}

/** A class of 20 methods of 15 lines, each line under its method and again under the class. */
function coberturaClass(index: number): string {
  const line = (number: number) =>
    number % 6 === 0
      ? `<line number="${number}" hits="${
          number % 4
        }" branch="true" condition-coverage="50% (1/2)"/>\n`
      : `<line number="${number}" hits="${number % 4}"/>\n`;
  const lines = Array.from({ length: 300 }, (_, at) => line(at + 10));
  const methods = Array.from(
    { length: 20 },
    (_, at) =>
      `<method name="method${at}" signature="()V" line-rate="0.75" branch-rate="0.5"><lines>\n${lines
        .slice(at * 15, at * 15 + 15)
        .join('')}</lines></method>\n`,
  );
  return `<class name="com.example.area${
    index % 40
  }.Class${index}" filename="src/main/java/com/example/area${
    index % 40
  }/Class${index}.java" line-rate="0.75" branch-rate="0.5" complexity="3"><methods>\n${methods.join(
    '',
  )}</methods><lines>\n${lines.join('')}</lines></class>\n`;
}

const files = {
  junit: () =>
    generate(
      '<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n',
      junitSuite,
      '</testsuites>\n',
    ),
  cobertura: () =>
    generate(
      '<?xml version="1.0" encoding="utf-8"?>\n<coverage line-rate="0.75" branch-rate="0.5" version="1.9" timestamp="1795000000">\n<packages><package name="com.example" line-rate="0.75" branch-rate="0.5"><classes>\n',
      coberturaClass,
      '</classes></package></packages></coverage>\n',
    ),
};

const work = {
  /** The least that anything which reads the file by this parser can take. */
  sax: async (file: string) => {
    const parser = new SaxesParser();
    for await (const text of createReadStream(file, 'utf8')) {
      parser.write(text);
    }
    parser.close();
  },
  parse: async (file: string) => {
    await parseReport(createReadStream(file));
  },
};

async function measure(kind: keyof typeof work, file: string): Promise<Pass> {
  const memoryBefore = process.memoryUsage.rss();
  const start = process.hrtime.bigint();
  await work[kind](file);
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  const peak = process.resourceUsage().maxRSS * 1024;
  return { milliseconds, megabytes: (peak - memoryBefore) / MEGABYTE };
}

/** In a process of its own, so that neither memory nor compiled code is shared. */
function measureApart(kind: keyof typeof work, file: string): Promise<Pass> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', __filename, kind, file],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', data => {
    output += data;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code =>
      code === 0
        ? resolve(JSON.parse(output))
        : reject(new Error(`${kind} ended with exit code ${code}`)),
    );
  });
}

async function runAll() {
  const directory = await mkdtemp(join(tmpdir(), 'reports-bench-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      const file = join(directory, `${name}.xml`);
      await pipeline(Readable.from(content()), createWriteStream(file));
      const passes = { sax: [] as Pass[], parse: [] as Pass[] };
      for (let pass = 0; pass < PASSES; pass += 1) {
        passes.sax.push(await measureApart('sax', file));
        passes.parse.push(await measureApart('parse', file));
      }
      const least = (of: Pass[], value: keyof Pass) =>
        Math.min(...of.map(pass => pass[value]));
      report({
        name: `reading a ${name} report of 50 MB (baseline: a bare SAX pass)`,
        value: least(passes.parse, 'milliseconds'),
        unit: 'ms',
        baseline: least(passes.sax, 'milliseconds'),
      });
      report({
        name: `memory for a ${name} report of 50 MB (baseline: a bare SAX pass)`,
        value: Math.max(...passes.parse.map(pass => pass.megabytes)),
        unit: 'MB',
        baseline: Math.max(...passes.sax.map(pass => pass.megabytes)),
      });
    }
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function main() {
  const [kind, file] = process.argv.slice(2);
  if (!kind) {
    await runAll();
    return;
  }
  const pass = await measure(kind as keyof typeof work, file);
  process.stdout.write(JSON.stringify(pass));
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
