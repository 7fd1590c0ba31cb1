import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { resolve } from 'node:path';

/** What a call of a program ends with. */
export interface StandInAnswer {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Answers programs that stand in for others: bash scripts that source `$STAND_IN`. */
export class StandInServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(
    answer: (fields: string[]) => StandInAnswer | Promise<StandInAnswer>,
  ) {
    this.#server = createServer(socket => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // Whoever called may have been killed.
      socket.on('error', () => {});
      let text = '';
      let asked = false;
      socket.setEncoding('utf8').on('data', async (piece: string) => {
        text += piece;
        const [count, ...fields] = text.split('\0').slice(0, -1);
        if (asked || fields.length < Number(count ?? Infinity)) {
          return;
        }
        asked = true;
        const { exitCode, stdout, stderr } = await answer(fields);
        const sizes = [stdout, stderr].map(one => Buffer.byteLength(one));
        socket.end(`${[exitCode, ...sizes].join(' ')}\n${stdout}${stderr}`);
      });
    });
  }

  /** @param answer - is given the fields of each call, as the program hands them over */
  static async start(
    answer: (fields: string[]) => StandInAnswer | Promise<StandInAnswer>,
  ): Promise<StandInServer> {
    const server = new StandInServer(answer);
    await new Promise<void>(done => {
      server.#server.listen(0, '127.0.0.1', done);
    });
    return server;
  }

  /**
   * What the programs need in their environment.
   *
   * @param name - of the variable for the port
   */
  environment(name: string): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    return { STAND_IN: resolve(__dirname, 'ask.sh'), [name]: String(port) };
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await new Promise(done => {
      this.#server.close(done);
    });
  }
}
