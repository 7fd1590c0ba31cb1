const { Script } = require('node:vm');
const JestRuntime = require('@backstage/cli-module-test-jest/config/jestCachingModuleLoader');

/** What of `node_modules` is transformed and compiled; it stays as it is while this process lives. */
const dependencies = new Map();

/**
 * Compiles a dependency once for each process. Jest does it anew for each test file, and a page loads five thousand.
 * Each test file still runs all of them in its own context.
 */
module.exports = class extends JestRuntime {
  constructor(config, ...rest) {
    super(config, ...rest);
    this.way = JSON.stringify(config.transform);
  }

  /** What is remembered of a file, or undefined for a file of the workspace, which may change. */
  dependencyOf(filename) {
    if (!/[\\/]node_modules[\\/]/.test(filename)) {
      return undefined;
    }
    // Roles of packages transform in their own way.
    const key = `${this.way}:${filename}`;
    if (!dependencies.has(key)) {
      dependencies.set(key, {});
    }
    return dependencies.get(key);
  }

  transformFile(filename, options) {
    const dependency = this.dependencyOf(filename);
    if (!dependency || options?.isInternalModule) {
      return super.transformFile(filename, options);
    }
    if (!dependency.transformed) {
      super.transformFile(filename, options);
      dependency.transformed = this._fileTransforms.get(filename);
    }
    const { transformed } = dependency;
    this._fileTransforms.set(filename, transformed);
    if (transformed.sourceMapPath) {
      this._sourceMapRegistry.set(filename, transformed.sourceMapPath);
    }
    return transformed.code;
  }

  createScriptFromCode(code, filename) {
    const dependency = this.dependencyOf(filename);
    const context = this._environment.getVmContext();
    // A dynamic import belongs to the runtime that compiled it.
    if (!dependency?.transformed || !context || /\bimport\s*\(/.test(code)) {
      return super.createScriptFromCode(code, filename);
    }
    try {
      const parameters = this.constructInjectedModuleParameters().join();
      const head = `(function (${parameters}) {`;
      dependency.script ??= new Script(`${head}${code}\n})`, {
        filename,
        columnOffset: -head.length,
      });
    } catch {
      // Jest says it in its own words.
      return super.createScriptFromCode(code, filename);
    }
    return dependency.script.runInContext(context);
  }
};
