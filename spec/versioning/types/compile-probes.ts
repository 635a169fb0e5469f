import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** What is compiled together: the two contracts' declarations by file name, and the code that uses them. */
export interface Probe {
  old: ReadonlyMap<string, string>;
  new: ReadonlyMap<string, string>;
  code: string;
  /** Modules for the old client, which have to compile with the new one as well as they did. */
  samples: readonly string[];
}

export interface Break {
  /** What the compiler says: `TS2339: Property 'note' does not exist on type …`. */
  message: string;
  /** The line of code that does not compile. */
  line: string;
}

/** The client's sources, which give the types of the contract their final form. */
const CLIENT = fileURLToPath(new URL('../../../packages/client/src/', import.meta.url));
const PATH = /^\/probe\/(\d+)\/(?:(old|new)\/)?(.*)$/;

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
};

/** Compiles all probes in one program, and returns what breaks in each. */
export function compileProbes(probes: readonly Probe[]): Break[][] {
  const texts = new Map<string, string | undefined>();
  const read = (file: string): string | undefined => {
    const [, index = '', side, name = ''] = PATH.exec(file) ?? [];
    const probe = probes[Number(index)];
    if (index === '' || probe === undefined) return ts.sys.readFile(file);
    if (side === undefined) return name === 'probe.ts' ? probe.code : undefined;
    if (!texts.has(file)) {
      const own = probe[side as 'old' | 'new'].get(name);
      const [, sample] = /^sample(\d+)\.ts$/.exec(name) ?? [];
      texts.set(
        file,
        own ??
          (sample === undefined ? undefined : probe.samples[Number(sample)]) ??
          (name.startsWith('client/') ? clientSource(name.slice(7)) : undefined),
      );
    }
    return texts.get(file);
  };
  const host = ts.createCompilerHost(OPTIONS);
  const resolve = (name: string, from: string): string | undefined => {
    const [, index, side] = PATH.exec(from) ?? [];
    if (index === undefined) return undefined;
    const [, sub] = /^@sql-sessions\/contract(?:\/(\w+))?$/.exec(name) ?? [];
    if (name.startsWith('@sql-sessions/contract'))
      return `/probe/${index}/${side}/${sub ?? 'index'}.d.ts`;
    const [, entry] = /^@sql-sessions\/client(?:\/(\w+))?$/.exec(name) ?? [];
    if (name.startsWith('@sql-sessions/client'))
      return `/probe/${index}/${side}/client/${entry ?? 'index'}.ts`;
    return name.startsWith('.')
      ? new URL(name, `file://${from}`).pathname.replace(/(?<!\.d)\.js$/, '.d.ts')
      : undefined;
  };
  Object.assign(host, {
    fileExists: (file: string) => read(file) !== undefined,
    readFile: read,
    directoryExists: () => true,
    getCurrentDirectory: () => '/probe',
    getSourceFile: (file: string, options: ts.ScriptTarget) => {
      const text = read(file);
      return text === undefined ? undefined : ts.createSourceFile(file, text, options, true);
    },
    resolveModuleNameLiterals: (literals: readonly ts.StringLiteralLike[], from: string) =>
      literals.map(({ text }) => {
        const file = resolve(text, from);
        return {
          resolvedModule:
            file && read(file) !== undefined
              ? { resolvedFileName: file, extension: file.endsWith('.d.ts') ? '.d.ts' : '.ts' }
              : undefined,
        };
      }),
  } as Partial<ts.CompilerHost>);
  const roots = probes.map(({ samples }, index) => ({
    probe: `/probe/${index}/probe.ts`,
    samples: samples.map((_, at) =>
      ['old', 'new'].map((side) => `/probe/${index}/${side}/sample${at}.ts`),
    ),
  }));
  const files = roots.flatMap(({ probe, samples }) => [probe, ...samples.flat()]);
  const program = ts.createProgram(files, OPTIONS, host);
  return roots.map(({ probe, samples }) => [
    ...breaksOf(program, probe),
    ...samples.flatMap(([old = '', now = '']) => {
      const known = new Set(breaksOf(program, old).map(({ line }) => line));
      return breaksOf(program, now).filter(({ line }) => !known.has(line));
    }),
  ]);
}

function breaksOf(program: ts.Program, file: string): Break[] {
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`There is no ${file}.`);
  const found = [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ];
  return found.map(({ start = 0, code, messageText }) => {
    const { line } = source.getLineAndCharacterOfPosition(start);
    return {
      message: `TS${code}: ${innermost(messageText)}`,
      line: source.text.split('\n')[line]?.trim() ?? '',
    };
  });
}

/** The sentence that names the cause; those around it quote whole types. */
function innermost(message: string | ts.DiagnosticMessageChain): string {
  let chain = message;
  while (typeof chain === 'object' && chain.next?.[0]) chain = chain.next[0];
  const text = (typeof chain === 'string' ? chain : chain.messageText).replaceAll(/\s+/g, ' ');
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}

const sources = new Map<string, string | undefined>();

function clientSource(name: string): string | undefined {
  if (!sources.has(name)) {
    let text: string | undefined;
    try {
      text = readFileSync(CLIENT + name, 'utf8');
    } catch {
      // Resolution looks for files that are not there.
    }
    sources.set(name, text);
  }
  return sources.get(name);
}
