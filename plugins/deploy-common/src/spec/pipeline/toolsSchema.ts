const version = {
  type: 'string',
  maxLength: 30,
  pattern: '^[0-9]+(\\.[0-9]+){0,2}$',
} as const;

/**
 * JSON Schema of what a job of tests needs besides its language.
 *
 * @internal
 */
export const toolsSchema = {
  type: 'object',
  description: 'What else is set up first, each with its version in quotes.',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    python: { ...version, description: 'Python, such as "3.12".' },
    node: { ...version, description: 'Node.js, such as "22".' },
    rust: {
      ...version,
      description: 'Rust with rustfmt and clippy, such as "1.89".',
    },
    k6: { ...version, description: 'k6, such as "1.2.1".' },
    kubectl: { ...version, description: 'kubectl, such as "1.33.0".' },
    terraform: { ...version, description: 'Terraform, such as "1.5.0".' },
    cargo: {
      type: 'array',
      minItems: 1,
      maxItems: 10,
      uniqueItems: true,
      description: 'Programs of Rust, already built.',
      items: {
        type: 'string',
        maxLength: 100,
        pattern: '^[a-z0-9][a-z0-9_-]*(@[0-9]+(\\.[0-9]+){0,2})?$',
        description: 'Name and version, such as cargo-audit@0.21.2.',
      },
    },
  },
} as const;
