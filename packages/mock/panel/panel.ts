import { control, type RecordedRequest, type State } from './control.ts';
import { curlFor } from './curl.ts';
import { byId, say } from './element.ts';
import {
  chosenOperation,
  play,
  showChoices,
  showExamples,
  showOperations,
  showScenarios,
} from './play-form.ts';
import { addRequest, showRequests } from './request-list.ts';
import { applySettings, showSettings } from './settings-form.ts';

let settingsShown = '';

function showState(state: State): void {
  const { contract } = state;
  document.title = `${contract.title} mock`;
  byId('title').textContent = `${contract.title} mock`;
  byId('address').textContent = `${location.origin} · contract ${contract.version}`;
  byId('problem').hidden = contract.problem === null;
  byId('problem').textContent =
    contract.problem === null ? '' : `The last good contract is served. ${contract.problem}`;
  showOperations([...contract.operations]);
  showScenarios(state.scenarios);
  showCurl();
  // Only when they have changed: what is being typed must not be taken away by a request that comes in.
  const settings = JSON.stringify([state.settings, state.closed]);
  if (settings !== settingsShown) showSettings(state);
  settingsShown = settings;
}

function showCurl(): void {
  const operation = chosenOperation();
  byId('curl').textContent = operation ? curlFor(operation) : '';
}

async function loadRequests(): Promise<void> {
  const { requests } = (await control('GET', '/requests')) as { requests: RecordedRequest[] };
  showRequests(requests);
}

function on(id: string, event: string, action: () => unknown): void {
  byId(id).addEventListener(event, (happened) => {
    if (event === 'submit') happened.preventDefault();
    action();
  });
}

on('play', 'submit', play);
on('usual', 'click', async () => {
  await control('DELETE', '/scenario');
  say('play-message', 'The usual answers are back.');
});
on('operation', 'change', () => {
  showChoices();
  showCurl();
});
on('choices', 'change', showExamples);
on('settings', 'submit', applySettings);
on('reset', 'click', async () => {
  await control('POST', '/reset');
  await loadRequests();
  say('settings-message', 'All is as it was at the start.');
});
on('clear', 'click', async () => {
  await control('DELETE', '/requests');
  await loadRequests();
});
on('copy', 'click', async () => {
  await navigator.clipboard.writeText(byId('curl').textContent ?? '');
  say('try-message', 'Copied.');
});
on('send', 'click', async () => {
  const operation = chosenOperation();
  if (!operation) return;
  const headers: Record<string, string> =
    operation.tokenHeader === null ? {} : { [operation.tokenHeader]: 'token' };
  say('try-message', 'Sent, waiting for the answer.');
  try {
    const response = await fetch(operation.examplePath, { method: operation.method, headers });
    await response.text();
    say('try-message', `Answered ${response.status}.`);
  } catch {
    say('try-message', 'No proper answer: the connection was broken.', 'bad');
  }
});

const events = new EventSource('/__mock/events');
events.addEventListener('state', ({ data }) => showState(JSON.parse(data) as State));
events.addEventListener('request', ({ data }) => addRequest(JSON.parse(data) as RecordedRequest));
events.addEventListener('open', async () => {
  byId('live').dataset.state = 'live';
  byId('live').textContent = 'Live';
  await loadRequests();
});
events.addEventListener('error', () => {
  byId('live').dataset.state = 'lost';
  byId('live').textContent = 'The mock does not answer';
});
