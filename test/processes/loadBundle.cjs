const { closeSync, fstatSync, openSync, readFileSync } = require('node:fs');
const { renameSync, writeFileSync } = require('node:fs');
const { Module, createRequire } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

/**
 * Runs a bundle from what V8 made of it in an earlier process: to compile it takes half the time of a start.
 *
 * @param file - with its path; see `bundleProcess.ts`
 */
module.exports = function loadBundle(file) {
  const bundle = openSync(file);
  // V8 knows a text again by its length alone.
  const { mtimeMs } = fstatSync(bundle);
  const compiled = `${file}.${mtimeMs}.${process.version}.compiled`;
  const cachedData = readIfThere(compiled);
  const script = new Script(Module.wrap(readFileSync(bundle, 'utf8')), {
    filename: file,
    cachedData,
  });
  closeSync(bundle);
  if (!cachedData || script.cachedDataRejected) {
    const keep = () => {
      const own = `${compiled}.${process.pid}`;
      writeFileSync(own, script.createCachedData());
      renameSync(own, compiled);
    };
    // Most processes are killed; of one that ends, more is known.
    setImmediate(keep);
    process.once('exit', keep);
  }
  const bundled = new Module(file);
  bundled.filename = file;
  const start = script.runInThisContext();
  start(bundled.exports, createRequire(file), bundled, file, dirname(file));
};

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
