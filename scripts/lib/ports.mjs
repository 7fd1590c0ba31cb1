import { createServer } from 'node:net';
import { Problem } from './problem.mjs';

/** The port that a variable names, or the default one. */
export function readPort(variable, defaultPort) {
  const value = process.env[variable];
  if (!value) {
    return defaultPort;
  }
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Problem(
      `${variable} is '${value}', which is no port: give a number from 1 to 65535.`,
    );
  }
  return port;
}

/** Throws, naming the variable to set, where something else listens on the port. */
export async function requireFreePort(port, variable, purpose) {
  if (!(await isFree(port))) {
    throw new Problem(
      `Port ${port}, for ${purpose}, is taken by another program. Stop that program, or choose another port: ${variable}=${
        port + 1
      } npm start`,
    );
  }
}

/** A port of the loopback interface that nothing listens on. */
export async function findFreePort() {
  return await listenOnce(0, '127.0.0.1');
}

async function isFree(port) {
  // A browser may take `localhost` for ::1, so a listener there is in the way as well.
  for (const host of ['127.0.0.1', '::1']) {
    try {
      await listenOnce(port, host);
    } catch (error) {
      if (error.code === 'EADDRINUSE') {
        return false;
      }
      if (error.code === 'EACCES') {
        throw new Problem(
          `Port ${port} is one that only an administrator may use. Choose one above 1023.`,
        );
      }
    }
  }
  return true;
}

function listenOnce(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const { port: found } = server.address();
      server.close(() => resolve(found));
    });
  });
}
