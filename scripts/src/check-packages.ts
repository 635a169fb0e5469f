/** What can be checked of the packages without asking anybody. Each problem is a sentence. */

/**
 * Checks the text of a `pnpm-lock.yaml` for what pnpm itself lets pass: every package comes from the registry that the
 * machine is set up with (so no host is written down), and by a SHA-512 digest.
 */
export function checkLockfile(text: string): string[] {
  const packages = [...text.matchAll(/^ {2}(\S+):\n {4}resolution: (.*)$/gm)];
  if (packages.length === 0) return ['The lockfile lists no packages.'];
  return packages
    .filter(([, , resolution = '']) => !/^\{integrity: sha512-[\w+/=]+\}$/.test(resolution))
    .map(
      ([, name, resolution]) =>
        `${name} has to come from the registry, by a SHA-512 digest alone, but its resolution is ${resolution}`,
    );
}

/** Licences of what users install with our packages: all of them let it be used and passed on with notices. */
const LICENSES = [
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
export function checkLicenses(json: string): string[] {
  const byLicense = Object.entries(JSON.parse(json) as Record<string, { name: string }[]>);
  if (byLicense.length === 0) return ['pnpm lists no licenses: run pnpm install first.'];
  return byLicense
    .filter(([license]) => !LICENSES.includes(license))
    .map(
      ([license, packages]) =>
        `${packages.map(({ name }) => name).join(', ')}: the license ${license} is not on the list in scripts/src/check-packages.ts.`,
    );
}
