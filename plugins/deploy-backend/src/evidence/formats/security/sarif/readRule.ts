import { Severity } from '@vvp/backstage-plugin-deploy-common';
import { dig, list, text } from '../../json';
import { oneLine, webAddress } from '../../plainText';
import { severityOfRating } from '../severity';
import { PackageFacts, packageFacts } from './packageFacts';
import { readLevel, SarifLevel } from './readLevel';

/** A rule of a tool, as far as findings need it. */
export interface SarifRule {
  id: string;
  /** Trivy and Grype say there what kind of finding it is. */
  name?: string;
  title?: string;
  url?: string;
  level?: SarifLevel;
  /** Of `security-severity`, a CVSS score as a rule. */
  scored?: Severity;
  tags: string[];
  /** From the help, where Grype has them. */
  facts: PackageFacts;
  messages: Map<string, string>;
}

/** @param where - such as `runs[0].tool.driver.rules[3]` */
export function readRule(raw: unknown, where: string): SarifRule {
  const title =
    text(dig(raw, 'shortDescription', 'text')) ??
    text(dig(raw, 'fullDescription', 'text')) ??
    text(dig(raw, 'name'));
  return {
    id: oneLine(text(dig(raw, 'id')) ?? ''),
    name: text(dig(raw, 'name'))?.slice(0, 300),
    title: title && oneLine(title),
    url: webAddress(text(dig(raw, 'helpUri'))),
    level: readLevel(
      dig(raw, 'defaultConfiguration', 'level'),
      `${where}.defaultConfiguration.level`,
    ),
    scored: severityOfRating(
      dig(raw, 'properties', 'security-severity'),
      `${where}.properties.security-severity`,
    ),
    tags: list(dig(raw, 'properties', 'tags'))
      .filter(tag => typeof tag === 'string')
      .slice(0, 100),
    facts: packageFacts(text(dig(raw, 'help', 'text')) ?? ''),
    messages: readMessages(dig(raw, 'messageStrings')),
  };
}

function readMessages(raw: unknown): Map<string, string> {
  const messages = new Map<string, string>();
  for (const [id, message] of Object.entries(raw ?? {})) {
    const template = text(dig(message, 'text'));
    if (template) {
      messages.set(id, oneLine(template));
    }
  }
  return messages;
}
