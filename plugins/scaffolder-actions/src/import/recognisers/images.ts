import { CommandView } from '../source/CommandView';
import { StepView } from '../source/StepView';
import { Told } from '../types';
import { StepRecogniser } from './types';

/** Images, by Docker's action or by the command line. */
export const images: StepRecogniser = {
  concern: 'images',
  recognise(step, { facts, accounts }) {
    const { number } = step;
    const uses = step.at('uses');
    if (uses && step.uses === 'docker/build-push-action') {
      const context = step.input('context');
      const file = { value: dockerfileIn(context?.value), leaves: [uses] };
      facts.add('context', context, number);
      facts.add('dockerfile', step.input('file') ?? file, number);
      facts.add('platforms', step.input('platforms'), number);
      facts.add('image', step.input('tags') ?? exported(step), number);
      facts.add('imageStage', step.input('target'), number);
      accounts.kept([uses], 'generated jobs build with the same action');
      accounts.kept(
        ['push', 'cache-from', 'cache-to'].flatMap(
          name => step.at('with', name) ?? [],
        ),
        'generated jobs push what they deploy, and keep layers from run to run',
      );
    }
    if (uses && /^docker\/setup-(buildx|qemu)-action$/.test(step.uses ?? '')) {
      accounts.kept([uses], 'generated jobs set it up where it is needed');
    }
    const unfixed = step.at('with', 'ignore-unfixed');
    if (unfixed?.value === true && step.uses === 'aquasecurity/trivy-action') {
      facts.add('ignoreUnfixed', { value: true, leaves: [unfixed] }, number);
    }
    for (const command of step.commands) {
      if (
        command.is('docker', 'build') ||
        command.is('docker', 'buildx', 'build')
      ) {
        const last = command.words.length - 1;
        const context = command.told(contextOf(command), last);
        const file = command.told(dockerfileIn(context.value), last);
        facts.add('dockerfile', command.option('--file', '-f') ?? file, number);
        facts.add('context', context, number);
        facts.add('platforms', command.option('--platform'), number);
        command
          .options('--tag', '-t')
          .forEach(tag => facts.add('image', tag, number));
        const further = command.furtherThan(
          '--file',
          '-f',
          '--platform',
          '--tag',
          '-t',
          '--push',
          '--load',
        );
        if (further.length > 0) {
          accounts.refuse(
            [command.leaf],
            `${further.join(
              ' ',
            )} is not taken over; generated builds hand over the build argument GIT_SHA, and no other`,
            'Write it in the Dockerfile.',
          );
        }
      } else if (command.is('cosign', 'sign')) {
        facts.add('imageSign', command.told(true as const), number);
      } else if (command.is('docker', 'push')) {
        accounts.kept([command.leaf], 'generated jobs push what they deploy');
      }
    }
  },
};

/** The name of an image that is pushed by its digest. */
function exported(step: StepView): Told<string> | undefined {
  const outputs = step.input('outputs');
  const [, name] = /(?:^|,)name=([^,]+)/.exec(outputs?.value ?? '') ?? [];
  return outputs && name ? { ...outputs, value: name } : undefined;
}

function dockerfileIn(context = '.'): string {
  const folder = context.replace(/^\.\/?/, '').replace(/\/$/, '');
  return /^[\w./@-]+$/.test(folder) ? `${folder}/Dockerfile` : 'Dockerfile';
}

function contextOf({ words }: CommandView): string {
  const last = words[words.length - 1];
  return last.replace(/^\.\/(?=.)/, '').replace(/(.)\/$/, '$1');
}
