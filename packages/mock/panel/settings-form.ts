import { control, type State } from './control.ts';
import { byId, say } from './element.ts';

const input = (id: string) => byId<HTMLInputElement>(id);

export function showSettings({ settings, deleted }: State): void {
  input('latency-min').value = String(settings.latency?.min ?? 0);
  input('latency-max').value = String(settings.latency?.max ?? 0);
  input('fault-rate').value = String(Math.round((settings.faults?.rate ?? 0) * 100));
  input('stateful').checked = settings.stateful;
  input('strict').checked = settings.strictToken;
  byId('deleted').textContent = settings.stateful ? `(${deleted} deleted)` : '';
}

export async function applySettings(): Promise<void> {
  const min = Number(input('latency-min').value);
  // A single number in the first field is meant as a fixed latency.
  const max = Math.max(min, Number(input('latency-max').value));
  const rate = Number(input('fault-rate').value) / 100;
  try {
    await control('PATCH', '/settings', {
      latency: max > 0 ? { min, max } : null,
      faults: rate > 0 ? { rate } : null,
      stateful: input('stateful').checked,
      strictToken: input('strict').checked,
    });
    say('settings-message', 'Applied.');
  } catch (error) {
    say('settings-message', String(error instanceof Error ? error.message : error), 'bad');
  }
}
