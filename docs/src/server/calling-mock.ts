import { MOCK_URL } from '../request/request-form.ts';

type Files = ReadonlyMap<string, string | Uint8Array>;

/** The files of a site with samples and forms that call the mock at another URL than its usual one. */
export function callingMock(files: Files, mockUrl: string): Map<string, string | Uint8Array> {
  const [usual, here] = [MOCK_URL, mockUrl].map((url) => new URL(url).host);
  return new Map(
    [...files].map(([name, content]) => {
      if (usual === undefined || !/\.(html|md|txt)$/.test(name)) return [name, content];
      const text = String(content).replaceAll(MOCK_URL, mockUrl.replace(/\/$/, ''));
      return [name, text.replaceAll(usual, here ?? usual)];
    }),
  );
}
