import { createService, PORT } from './service.ts';

createService(process.env).listen(
  Number(process.env.PORT ?? PORT),
  process.env.HOST ?? '127.0.0.1',
);
