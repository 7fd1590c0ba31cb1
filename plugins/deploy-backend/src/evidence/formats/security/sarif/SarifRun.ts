import { InputError } from '@backstage/errors';
import { Finding } from '@vvp/backstage-plugin-deploy-common';
import { dig, text } from '../../json';
import { oneLine, plainPath } from '../../plainText';
import { utcTime } from '../../utcTime';
import { findingOf } from './findingOf';
import { readResult, SarifResult } from './readResult';
import { readRule, SarifRule } from './readRule';
import { nameOfTool } from './categoryOf';

/** More results and rules than any report with an acceptable number of findings has. */
const maxResults = 100_000;
const maxRules = 100_000;
/** Paths beyond are left out of the findings. */
const maxArtifacts = 200_000;

/** Where the rules of the tool itself are, beside those of its extensions. */
const driver = -1;

/** A run of a SARIF file, gathered in whatever order its parts come. */
export class SarifRun {
  readonly #where: string;
  readonly #rules = new Map<number, SarifRule[]>();
  readonly #rulesById = new Map<string, SarifRule>();
  readonly #results: SarifResult[] = [];
  readonly #artifacts: string[] = [];
  #name?: string;
  #version?: string;
  #image = false;
  #successful = true;
  /** SARIF leaves the list out, or writes null, if the tool could not look for anything. */
  hasResults = false;
  endedAt?: string;

  /** @param where - such as `runs[0]` */
  constructor(where: string) {
    this.#where = where;
  }

  /** @param path - keys and indices inside of the run */
  take(value: unknown, path: readonly (string | number)[]): void {
    const [part, one, two, three] = path;
    switch (part) {
      case 'results':
        this.#takeResult(value, one);
        break;
      case 'invocations':
        this.#takeInvocation(value, one);
        break;
      case 'artifacts':
        if (this.#artifacts.length < maxArtifacts && text(value)) {
          this.#artifacts[Number(one)] = plainPath(value as string);
        }
        break;
      case 'properties':
        this.#image ||= text(value) !== undefined;
        break;
      case 'tool':
        if (one === 'extensions') {
          this.#takeRule(value, Number(two), Number(path[4]));
        } else if (two === 'rules') {
          this.#takeRule(value, driver, Number(three));
        } else if (two === 'name') {
          this.#name = text(value);
        } else if (two === 'semanticVersion' || !this.#version) {
          this.#version = text(value) ?? this.#version;
        }
        break;
      default:
    }
  }

  /** Whether the tool says that it came to its end. */
  get completed(): boolean {
    return this.hasResults && this.#successful;
  }

  /** Name and version. */
  get tool(): string {
    return oneLine([this.#toolName(), this.#version].filter(Boolean).join(' '));
  }

  /** Each finding, with what sets it apart from others in its line. */
  *findings(): Generator<{ finding: Finding; more: string }> {
    const tool = this.#toolName();
    for (const result of this.#results) {
      const rule = this.#ruleOf(result);
      const path =
        result.path ??
        (result.artifact === undefined
          ? undefined
          : this.#artifacts[result.artifact]);
      const finding = findingOf(tool, this.#image, { ...result, path }, rule);
      const isUnnamed =
        !(result.ruleId ?? rule) ||
        (!finding.package &&
          (finding.category === 'dependency' || finding.category === 'image'));
      yield {
        finding,
        more: [result.column, isUnnamed && result.message].join(),
      };
    }
  }

  #toolName(): string {
    if (!this.#name) {
      throw new InputError(`${this.#where}.tool.driver.name: missing`);
    }
    return nameOfTool(this.#name);
  }

  #takeResult(value: unknown, at: string | number): void {
    const where = `${this.#where}.results[${at}]`;
    if (typeof at !== 'number') {
      throw new InputError(`${this.#where}.results: not a list`);
    }
    const result = readResult(value, where);
    if (result) {
      this.#results.push(result);
    }
    if (this.#results.length > maxResults) {
      throw new InputError(
        `${this.#where}.results: there are more than ${maxResults}`,
      );
    }
  }

  #takeRule(value: unknown, component: number, at: number): void {
    const where =
      component === driver
        ? `${this.#where}.tool.driver.rules[${at}]`
        : `${this.#where}.tool.extensions[${component}].rules[${at}]`;
    const rule = readRule(value, where);
    // Before 0.40 Trivy does not name the image, but only there it looks at an operating system's packages.
    this.#image ||= rule.name === 'OsPackageVulnerability';
    const rules = this.#rules.get(component) ?? [];
    rules[at] = rule;
    this.#rules.set(component, rules);
    if (component === driver || !this.#rulesById.has(rule.id)) {
      this.#rulesById.set(rule.id, rule);
    }
    if (rules.length > maxRules) {
      throw new InputError(`${where}: there are more than ${maxRules} rules`);
    }
  }

  #takeInvocation(value: unknown, at: string | number): void {
    const where = `${this.#where}.invocations[${at}]`;
    if (dig(value, 'executionSuccessful') === false) {
      this.#successful = false;
    }
    const ended = dig(value, 'endTimeUtc');
    if (ended !== undefined) {
      const endedAt = utcTime(ended, `${where}.endTimeUtc`);
      this.endedAt =
        this.endedAt && this.endedAt > endedAt ? this.endedAt : endedAt;
    }
  }

  /** By index, else by id; `CA1000/nested` is of the rule `CA1000`. */
  #ruleOf(result: SarifResult): SarifRule | undefined {
    const { ruleIndex, ruleId } = result;
    const indexed =
      ruleIndex === undefined
        ? undefined
        : this.#rules.get(result.extension ?? driver)?.[ruleIndex];
    if (indexed && (!ruleId || isOf(ruleId, indexed.id))) {
      return indexed;
    }
    for (let id = ruleId ?? ''; id; id = id.slice(0, id.lastIndexOf('/'))) {
      const rule = this.#rulesById.get(id);
      if (rule || !id.includes('/')) {
        return rule;
      }
    }
    return undefined;
  }
}

function isOf(ruleId: string, id: string): boolean {
  return ruleId === id || ruleId.startsWith(`${id}/`);
}
