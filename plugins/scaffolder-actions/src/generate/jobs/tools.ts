import { RepositoryTestsSpec } from '@vvp/backstage-plugin-deploy-common';
import { Step } from '../model';

type Tools = NonNullable<RepositoryTestsSpec[string]['tools']>;

/** Rust, with what checks the form of the code and finds common mistakes. */
export function setUpRust(version: string): Step {
  return {
    name: 'Set up Rust',
    uses: 'dtolnay/rust-toolchain',
    with: { toolchain: version, components: 'rustfmt, clippy' },
  };
}

/** Programs of Rust that somebody built already. */
export function installCargoTools(tools: readonly string[]): Step {
  return {
    name: 'Install programs of Rust',
    uses: 'taiki-e/install-action',
    with: { tool: tools.join(',') },
  };
}

/** Sets up what is named, in the order of this table. */
export function toolSteps(tools: Tools = {}): Step[] {
  const { python, node, rust, k6, kubectl, terraform, cargo } = tools;
  return [
    ...(python
      ? [
          {
            name: 'Set up Python',
            uses: 'actions/setup-python',
            with: { 'python-version': python },
          },
        ]
      : []),
    ...(node
      ? [
          {
            name: 'Set up Node.js',
            uses: 'actions/setup-node',
            with: { 'node-version': node },
          },
        ]
      : []),
    ...(rust ? [setUpRust(rust)] : []),
    ...(cargo ? [installCargoTools(cargo)] : []),
    ...(k6
      ? [
          {
            name: 'Set up k6',
            uses: 'grafana/setup-k6-action',
            with: { 'k6-version': k6 },
          },
        ]
      : []),
    ...(kubectl
      ? [
          {
            name: 'Set up kubectl',
            uses: 'azure/setup-kubectl',
            with: { version: `v${kubectl}` },
          },
        ]
      : []),
    ...(terraform
      ? [
          {
            name: 'Set up Terraform',
            uses: 'hashicorp/setup-terraform',
            with: { terraform_version: terraform, terraform_wrapper: false },
          },
        ]
      : []),
  ];
}
