import { createRequire, Module } from 'node:module';

/**
 * Requires a CommonJS module that loads others at its start which it may never use. Each of those is stood in for by
 * an object that loads it at its first use. The stand-ins are in the cache of modules only while this function runs,
 * so that nobody else meets them; a module that was loaded before stays as it is.
 * @param lazily files of the modules that can wait
 */
export function requireLazily(file: string, lazily: readonly string[]): unknown {
  const require = createRequire(file);
  const standIns = new Map<string, Module>();
  for (const id of lazily) {
    if (require.cache[id]) continue;
    const standIn = new Module(id);
    standIn.loaded = true;
    standIn.exports = lazyExports(() => {
      if (require.cache[id] === standIn) delete require.cache[id];
      return require(id);
    });
    standIns.set(id, standIn);
    require.cache[id] = standIn;
  }
  try {
    return require(file);
  } finally {
    for (const [id, standIn] of standIns) {
      if (require.cache[id] === standIn) delete require.cache[id];
    }
  }
}

function lazyExports(load: () => object): object {
  return new Proxy(() => undefined, {
    get: (_, name) => Reflect.get(load(), name),
    has: (_, name) => Reflect.has(load(), name),
    apply: (_, self, args) => Reflect.apply(load() as () => unknown, self, args),
    construct: (_, args) => Reflect.construct(load() as new () => object, args),
  });
}
