import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { ComposeError, readProject } from './composeFiles';
import { Call, Options, parseCall, UsageError } from './options';

type Services = ReturnType<typeof readProject>;

/** What a call ends with. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** A container of a project. */
export interface Container {
  id: string;
  project: string;
  service: string;
  /** As its compose file calls it. */
  image: string;
  imageId: string;
  status: 'running' | 'exited' | 'restarting';
  health?: 'starting' | 'healthy' | 'unhealthy';
  exitCode: number;
  /** Whether it ran a single command for somebody. */
  oneOff: boolean;
}

/** How a container comes up. */
export type Behaviour = Pick<Container, 'status'> &
  Partial<Pick<Container, 'health' | 'exitCode'>>;

/** Where a call was made. */
export interface Caller {
  directory: string;
  /** `DOCKER_CONFIG`, empty if it is not set. */
  config: string;
  /** What came by standard input. */
  password: string;
}

const IMAGE_FORMAT = '{{.Id}}';

/** What a container can be asked for. */
const CONTAINER_FORMAT =
  '{{.Name}} {{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}} {{.State.ExitCode}} {{index .Config.Labels "com.docker.compose.oneoff"}}';

/** Options by https://docs.docker.com/reference/cli/docker/, of the calls that are made. */
const COMPOSE: Options = { '--file': true };
const UP: Options = {
  '--detach': false,
  '--force-recreate': false,
  '--remove-orphans': false,
  '--no-build': false,
  '--pull': true,
};

/** How `up` is called: nothing is built or fetched, and everything made anew. */
const UP_FLAGS = [
  '--detach',
  '--force-recreate',
  '--remove-orphans',
  '--no-build',
  'never',
];

/** The Docker of a machine, with its Compose: images, containers, and a registry that both come from. */
export class Docker {
  /** Images of the registry: what a reference means there. */
  readonly registry = new Map<string, string>();
  /** Images of the machine. */
  readonly images = new Map<string, string>();
  containers: Container[] = [];
  /** Who may fetch, and by which password; everybody if absent. */
  login?: { registry: string; user: string; password: string };
  /** How containers of an image come up; well unless said otherwise. */
  behaviours = new Map<string, Behaviour>();
  readonly #loggedIn = new Set<string>();
  #count = 0;

  /** Images that run, by service. */
  get running(): Record<string, string> {
    return Object.fromEntries(
      this.containers
        .filter(({ status, oneOff }) => status === 'running' && !oneOff)
        .map(({ service, imageId }) => [service, imageId]),
    );
  }

  /** The command of a call, without options. */
  static nameOf(argv: readonly string[]): string {
    const words = argv.filter(
      (word, index) =>
        /^[a-z]+$/.test(word) &&
        !['--file', '--pull'].includes(argv[index - 1]),
    );
    return words
      .slice(0, ['compose', 'image'].includes(words[0]) ? 2 : 1)
      .join(' ');
  }

  carryOut(argv: readonly string[], caller: Caller): Ended {
    try {
      return { code: 0, stdout: this.#answer(argv, caller), stderr: '' };
    } catch (error) {
      if (error instanceof UsageError || error instanceof ComposeError) {
        return { code: 1, stdout: '', stderr: `${error.message}\n` };
      }
      throw error;
    }
  }

  #answer([command, ...rest]: readonly string[], caller: Caller): string {
    switch (command) {
      case 'compose':
        return this.#compose(parseCall(rest, COMPOSE, [1, 99]), caller);
      case 'image':
        return this.#inspectImage(rest);
      case 'inspect':
        return this.#inspectContainer(rest);
      case 'login':
        return this.#logIn(rest, caller);
      case 'pull':
        return this.#pull(rest, caller);
      default:
        throw new UsageError(`docker: '${command}' is not a docker command.`);
    }
  }

  #inspectImage([verb, ...rest]: readonly string[]): string {
    const { options, operands } = parseCall(rest, { '--format': true }, [1, 1]);
    if (verb !== 'inspect' || options['--format']?.join() !== IMAGE_FORMAT) {
      throw new UsageError('Not simulated: this image command.');
    }
    const id = this.images.get(operands[0]);
    if (!id) {
      throw new ComposeError(`Error: No such image: ${operands[0]}`);
    }
    return `${id}\n`;
  }

  #inspectContainer(argv: readonly string[]): string {
    const { options, operands } = parseCall(argv, { '--format': true }, [1, 1]);
    if (options['--format']?.join() !== CONTAINER_FORMAT) {
      throw new UsageError('Not simulated: this format.');
    }
    const found = this.containers.find(({ id }) => id === operands[0]);
    if (!found) {
      throw new ComposeError(`Error: No such object: ${operands[0]}`);
    }
    const { project, service, status, health, exitCode, oneOff } = found;
    return `/${project}-${service}-1 ${status} ${
      health ?? 'none'
    } ${exitCode} ${oneOff ? 'True' : 'False'}\n`;
  }

  #logIn(argv: readonly string[], { config, password }: Caller): string {
    const { options, operands } = parseCall(
      argv,
      { '--username': true, '--password-stdin': false },
      [1, 1],
    );
    if (!options['--password-stdin']) {
      throw new UsageError('The password has to come by standard input.');
    }
    if (
      operands[0] !== this.login?.registry ||
      options['--username']?.join() !== this.login.user ||
      password !== this.login.password
    ) {
      throw new ComposeError('Error response from daemon: denied: denied');
    }
    if (config === '' || !existsSync(config)) {
      throw new UsageError("The login would stay in the user's own file.");
    }
    this.#loggedIn.add(config);
    return 'Login Succeeded\n';
  }

  #pull(argv: readonly string[], { config }: Caller): string {
    const { operands } = parseCall(argv, { '--quiet': false }, [1, 1]);
    const [reference] = operands;
    const isPrivate =
      this.login && reference.startsWith(`${this.login.registry}/`);
    const id = this.registry.get(reference);
    if (!id || (isPrivate && !this.#loggedIn.has(config))) {
      throw new ComposeError(
        `Error response from daemon: pull access denied for ${reference}`,
      );
    }
    this.images.set(reference, id);
    return `${reference}\n`;
  }

  #compose({ options, operands }: Call, { directory }: Caller): string {
    const files = options['--file'] ?? [];
    if (files.length === 0) {
      throw new UsageError('Not simulated: no configuration file named.');
    }
    const declared = readProject(directory, files);
    const services = enabledOf(declared);
    const project = basename(directory);
    const [command, ...rest] = operands;
    switch (command) {
      case 'config':
        return this.#config(rest, services);
      case 'stop':
        parseCall(rest, { '--timeout': true }, [0, 0]);
        for (const one of this.#of(project)) {
          if (services.has(one.service)) {
            Object.assign(one, { status: 'exited', exitCode: 0 });
          }
        }
        return '';
      case 'ps':
        return this.#list(rest, project);
      case 'up':
        parseCall(rest, UP, [0, 0]);
        if (!UP_FLAGS.every(flag => rest.includes(flag))) {
          throw new UsageError('Not simulated: up in another way.');
        }
        // Those that no profile asks for stay as they are.
        return this.#up(project, services, [...declared.keys()]);
      default:
        throw new UsageError(`unknown docker compose command: ${command}`);
    }
  }

  #config(argv: readonly string[], services: Services): string {
    const { options } = parseCall(
      argv,
      { '--images': false, '--services': false },
      [0, 0],
    );
    const names = [...services.keys()];
    const images = [...services.values()].map(({ image }) => image);
    return linesOf(options['--images'] ? images : names);
  }

  #list(argv: readonly string[], project: string): string {
    const { operands } = parseCall(
      argv,
      { '--all': false, '--quiet': false },
      [0, 99],
    );
    return linesOf(
      this.#of(project)
        .filter(
          ({ service }) => operands.length === 0 || operands.includes(service),
        )
        .map(({ id }) => id),
    );
  }

  #up(
    project: string,
    services: Services,
    declared: readonly string[],
  ): string {
    const others = this.containers.filter(
      one =>
        one.project !== project ||
        one.oneOff ||
        (declared.includes(one.service) && !services.has(one.service)),
    );
    const made = [...services].map(([service, { image }]): Container => {
      const imageId = this.images.get(image);
      if (!imageId) {
        throw new ComposeError(`Error: No such image: ${image}`);
      }
      this.#count += 1;
      return {
        id: `${service}${this.#count}`,
        project,
        service,
        image,
        imageId,
        exitCode: 0,
        oneOff: false,
        ...(this.behaviours.get(imageId) ?? {
          status: 'running',
          health: 'healthy',
        }),
      };
    });
    this.containers = [...others, ...made];
    return '';
  }

  #of(project: string): Container[] {
    return this.containers.filter(one => one.project === project);
  }

  /** A machine on which a project runs already. */
  furnish(folder: string, files: readonly string[]): void {
    const project = basename(folder);
    const services = enabledOf(readProject(folder, files));
    for (const { image } of services.values()) {
      const id = this.registry.get(image);
      if (!id) {
        throw new Error(`There is no ${image} in the registry.`);
      }
      this.images.set(image, id);
    }
    this.#up(project, services, []);
  }
}

function enabledOf(declared: Services): Services {
  return new Map([...declared].filter(([, { isEnabled }]) => isEnabled));
}

function linesOf(texts: readonly string[]): string {
  return texts.map(text => `${text}\n`).join('');
}
