import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** An image as a registry has it. */
export interface ImageState {
  /** What `.Image` of buildx is. */
  config?: object;
  /** `sha` is the commit of the run that signed. */
  signers?: { issuer: string; identity: string; sha?: string }[];
}

export interface ToolsState {
  /** By digest. */
  images: Record<string, ImageState>;
  /** Digests by full name. */
  tags: Record<string, string>;
  /** What the registry says to everything. */
  registryError?: string;
  /** Tags are given once. */
  immutable?: boolean;
  /** So many give a tag at once: each looked before any of them did. */
  together?: number;
  /** How often the network fails before cosign gets an answer. */
  networkFailures?: number;
  /** Every call, as the process list showed it. */
  calls: string[][];
}

/** The programs in a folder that goes on the PATH, see README.md. */
export class ImageTools {
  readonly #file: string;

  constructor(folder: string, state: Partial<ToolsState> = {}) {
    this.#file = join(folder, 'image-tools.json');
    this.write({ images: {}, tags: {}, calls: [], ...state });
    for (const name of ['docker', 'cosign', 'trivy']) {
      symlinkSync(resolve(__dirname, 'tool.cjs'), join(folder, name));
    }
  }

  get environment(): Record<string, string> {
    return { IMAGE_TOOLS_STATE: this.#file };
  }

  get state(): ToolsState {
    return JSON.parse(readFileSync(this.#file, 'utf8'));
  }

  write(state: ToolsState): void {
    writeFileSync(this.#file, JSON.stringify(state));
  }
}
