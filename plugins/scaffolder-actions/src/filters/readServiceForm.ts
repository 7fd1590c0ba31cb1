import { InputError } from '@backstage/errors';
import { ServiceForm } from '../actions/spec/serviceEntry';

const TEXTS = ['name', 'healthPath', 'resourceGroup'] as const;

const CHOICES = {
  kind: ['container-app', 'vm'],
  language: ['python', 'typescript'],
  database: ['none', 'postgresql'],
} as const;

const OPTIONAL = [
  'entity',
  'directory',
  'environment',
  'connection',
  'image',
  'url',
  'machine',
  'product',
] as const;

/**
 * Takes from what somebody filled in what a service is made of, and nothing else.
 *
 * @throws InputError with the name of the field that is missing or wrong
 */
export function readServiceForm(
  value: Readonly<Record<string, unknown>>,
): ServiceForm {
  const form: Record<string, unknown> = {};
  for (const name of TEXTS) {
    form[name] = textOf(name, value[name]);
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    if (!(choices as readonly unknown[]).includes(value[name])) {
      throw new InputError(
        `deployService: "${name}" has to be one of ${choices.join(', ')}.`,
      );
    }
    form[name] = value[name];
  }
  form.coverage = numberOf('coverage', value.coverage, 100);
  form.port = numberOf('port', value.port, 65535);
  for (const name of OPTIONAL) {
    if (value[name] !== undefined && value[name] !== '') {
      form[name] = textOf(name, value[name]);
    }
  }
  return withNames(form as unknown as ServiceForm, value.registry);
}

/** What nobody named is called as the product and the service are. */
function withNames(form: ServiceForm, registry: unknown): ServiceForm {
  const name = form.product ? `${form.product}-${form.name}` : form.name;
  const isImageMissing = form.kind === 'container-app' && !form.image;
  return {
    ...form,
    entity: form.entity ?? `component:default/${name}`,
    ...(isImageMissing && {
      image: `${textOf('registry', registry)}/${name}`,
    }),
  };
}

function textOf(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '' || /\p{Cc}/u.test(value)) {
    throw new InputError(
      `deployService: "${name}" has to be text in one line.`,
    );
  }
  return value;
}

function numberOf(name: string, value: unknown, most: number): number {
  const number = Number(value);
  if (value === undefined || !(number >= 0 && number <= most)) {
    throw new InputError(
      `deployService: "${name}" has to be a number up to ${most}.`,
    );
  }
  return number;
}
