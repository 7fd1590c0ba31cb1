import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parsePipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { parse } from 'yaml';
import { EXAMPLES } from './__testUtils__/generating';
import * as stagedSpecs from './__testUtils__/stagedSpecs';
import { schemaFields, TextField, textsOf } from './__testUtils__/textFields';
import * as wideSpecs from './__testUtils__/wideSpecs';
import {
  openToBash,
  openToGithub,
  scriptsWithin,
  textsIn,
} from './__testUtils__/writtenTexts';
import { generatePipeline } from './generatePipeline';

jest.setTimeout(480_000);

/** What no generated file has by itself. */
const MARK = 'qz';

/** Commands are for bash as they are written. */
const COMMANDS = 'spec.tests.*.commands.*';

const HOSTILE: Record<string, (text: string) => string> = {
  'a line break': text => within(text, '\n'),
  'an escape sequence': text => within(text, '\u001b[2K'),
  'a command': text => within(text, '$(id)'),
  'an old command': text => within(text, '`id`'),
  'an expression': text => within(text, '${{ github.token }}'),
  'a quotation mark': text => within(text, '"'),
  'an apostrophe': text => within(text, "'"),
  'a hyphen in front': text => `-${MARK}${text}`,
};

function within(text: string, hostile: string): string {
  const middle = Math.floor(text.length / 2);
  return `${text.slice(0, middle)}${MARK}${hostile}${MARK}${text.slice(
    middle,
  )}`;
}

interface Example {
  document: unknown;
  at: TextField;
}

/** A text of a file for each field of the schema, and for each kind of target that it is of. */
function examplesOf(): Example[] {
  const sources = [
    ...Object.values(wideSpecs),
    ...Object.values(stagedSpecs),
    ...readdirSync(EXAMPLES, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(({ name }) =>
        readFileSync(path.join(EXAMPLES, name, 'deploy.yaml'), 'utf8'),
      ),
  ];
  const all = sources
    .map(source => parse(source))
    .flatMap(document => textsOf(document).map(at => ({ document, at })))
    .reverse();
  const kinds = all.map((example): [string, Example] => [
    `${example.at.field} ${kindOf(example)}`,
    example,
  ]);
  return [...new Map(kinds).values()];
}

/** The kind of target that a text of a service in an environment is about. */
function kindOf({ document, at: { path: place } }: Example): string {
  const [, , key, , environment] = place;
  const { services } = (document as any).spec;
  return services[key]?.environments[environment]?.target?.type ?? '';
}

/** A file with another value in one place; JSON is YAML. */
function changed({ document, at }: Example, value: string): string {
  const copy = structuredClone(document);
  const holder = at.path
    .slice(0, -1)
    .reduce((part, key) => (part as any)[key], copy);
  (holder as any)[at.path.at(-1) ?? ''] = value;
  return JSON.stringify(copy);
}

/** What becomes of a text: the place where it is refused, or what is made of it. */
function outcomeOf(text: string) {
  const parsed = parsePipelineSpec(text);
  if (!parsed.ok) {
    return { refused: parsed.findings.map(finding => finding.path) };
  }
  const made = generatePipeline(parsed.spec, {
    source: text,
    version: '1.0.0',
    scripts: {},
  });
  return 'problems' in made
    ? { refused: made.problems.map(one => `/${one.path.join('/')}`) }
    : { files: made.files };
}

/** Whether a place is that of a text, or of the list or map that it is of. */
function isAt(place: string, at: TextField): boolean {
  return [0, 1, 2].some(
    up => place === `/${at.path.slice(0, at.path.length - up).join('/')}`,
  );
}

/** Whether a text stands where bash would carry it out, or a command would take it for an option. */
function isOpen(script: string): boolean {
  return (
    /(^|\s)["']?-qz/m.test(script) ||
    openToBash(script).replaceAll(`-${MARK}`, '').includes(MARK) ||
    scriptsWithin(script).some(isOpen)
  );
}

const examples = examplesOf();

describe('a text of deploy.yaml', () => {
  const scripts = new Map<string, string>();

  it('is tried for each field that there is', () => {
    const tried = examples.map(({ at }) => at.field);

    expect(schemaFields().filter(field => !tried.includes(field))).toEqual([]);
  });

  it.each(Object.keys(HOSTILE))('stays a text with %s in it', kind => {
    const wrong = examples.flatMap(example => {
      const { at } = example;
      const { field } = at;
      const outcome = outcomeOf(changed(example, HOSTILE[kind](at.value)));
      if (outcome.refused) {
        return outcome.refused.some(place => isAt(place, at))
          ? []
          : [`${field}: refused at ${outcome.refused}`];
      }
      const written = textsIn(outcome.files);
      if (field !== COMMANDS) {
        written.scripts.forEach(script =>
          scripts.set(script, `${field} with ${kind}`),
        );
      }
      return [
        ...(field === COMMANDS ? [] : written.scripts.filter(isOpen)),
        ...written.expressions.filter(one => openToGithub(one).includes(MARK)),
        ...written.prose.filter(one => one.includes(MARK)),
      ].map(text => `${field}: ${text}`);
    });

    expect(wrong).toEqual([]);
  });

  it('leaves bash something that it can read', () => {
    expect(scripts.size).toBeGreaterThan(100);
    const folder = mkdtempSync(path.join(tmpdir(), 'scripts-'));
    try {
      [...scripts.keys()].forEach((script, index) =>
        writeFileSync(path.join(folder, `${index}`), script),
      );
      const unreadable = execFileSync(
        'bash',
        ['-c', 'for file in *; do bash -n "$file" 2>&1 || true; done'],
        { cwd: folder, encoding: 'utf8' },
      );
      expect(unreadable).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
