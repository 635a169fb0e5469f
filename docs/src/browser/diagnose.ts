import { isLoopback } from '@sql-sessions/contract/loopback';

/** What could be found out about a request without a response, and what to do. */
export interface Finding {
  title: string;
  text: string;
}

type Access = PermissionState | 'unknown';

/** Whether Chrome asks its reader before this page may call that URL (Local Network Access). */
export async function localNetwork(url: URL): Promise<Access | null> {
  if (!isLoopback(url.hostname) || isLoopback(location.hostname)) return null;
  for (const name of ['loopback-network', 'local-network-access']) {
    const status = await navigator.permissions
      .query({ name: name as PermissionName })
      .catch(() => null);
    if (status) return status.state;
  }
  return 'unknown';
}

/** What to know before sending; null: nothing. */
export async function warning(baseUrl: string): Promise<string | null> {
  const url = URL.parse(baseUrl);
  if (!url) return null;
  const access = await localNetwork(url);
  if (access === 'prompt') {
    return `Chrome will ask whether this page may access other apps and services on this device. Choose “Allow”: ${url.host} is one.`;
  }
  return access === 'denied' ? DENIED : null;
}

const DENIED =
  'This page may not call this device: the permission for apps and services on this device (Local Network Access) is blocked. Allow it in the site settings, beside the URL of the page, or run the curl sample, which needs no permission.';

/** A browser does not tell a page the cause of a failure, so this looks for evidence. */
export async function diagnose(baseUrl: string): Promise<Finding> {
  const url = new URL(baseUrl);
  const access = await localNetwork(url);
  if (access === 'denied') return { title: 'The browser blocked it', text: DENIED };
  if (location.protocol === 'https:' && url.protocol === 'http:') {
    if (!isLoopback(url.hostname)) {
      return {
        title: 'The browser blocked it',
        text: `This page came over https, and browsers do not let such a page call ${url.origin} over http. Use an https base URL, or serve the reference locally.`,
      };
    }
    if (
      access === 'unknown' &&
      /Safari/.test(navigator.userAgent) &&
      !/Chrome/.test(navigator.userAgent)
    ) {
      return {
        title: 'Safari blocks it',
        text: `Safari lets no page that came over https call ${url.origin}. Run the curl sample, or use another browser.`,
      };
    }
  }
  // A plain request without token or headers: it gets through where only CORS was in the way.
  const reached = await fetch(url.origin, {
    mode: 'no-cors',
    credentials: 'omit',
    cache: 'no-store',
  }).then(
    () => true,
    () => false,
  );
  if (reached) {
    return {
      title: 'CORS forbids it',
      text: `${url.origin} responds, but it does not allow pages from ${location.origin} to read that. The curl sample is not bound by CORS.`,
    };
  }
  if (access === 'prompt') {
    return {
      title: 'No permission yet',
      text: 'The question whether this page may access apps and services on this device was not confirmed with “Allow”. Send again and allow it, or run the curl sample.',
    };
  }
  return {
    title: 'No connection',
    text: `Nothing responded at ${url.origin}. If it is the mock, start it with "npx @sql-sessions/mock"; else correct the base URL.`,
  };
}
