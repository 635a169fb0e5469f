import { base, control, type RecordedRequest, type State } from './control.ts';
import { byId, say } from './element.ts';
import { addRequest, showRequests } from './request-list.ts';
import {
  chosenOperation,
  setScenario,
  showChoices,
  showExamples,
  showOperations,
  showScenarios,
} from './scenario-form.ts';
import { applySettings, showSettings } from './settings-form.ts';
import { copyCurl, send, showCurl, showTry } from './try-form.ts';

let settingsShown = '';

function showState(state: State): void {
  const { contract } = state;
  document.title = `${contract.title} mock`;
  byId('title').textContent = `${contract.title} mock`;
  const space = state.space === '' ? '' : ` · space ${state.space}`;
  byId('base').textContent = `${base} · contract ${contract.version}${space}`;
  byId('problem').hidden = contract.problem === null;
  byId('problem').textContent =
    contract.problem === null ? '' : `The last good contract is served. ${contract.problem}`;
  showOperations([...contract.operations]);
  showScenarios(state.scenarios);
  showTry(chosenOperation());
  // Only when they have changed: what is being typed must not be taken away by a request that comes in.
  const settings = JSON.stringify([state.settings, state.deleted]);
  if (settings !== settingsShown) showSettings(state);
  settingsShown = settings;
}

let shown = Promise.resolve();

/** One change of the list after the other: a list that was asked for earlier must not take away what came since. */
function inTurn(change: () => unknown): Promise<void> {
  shown = shown.then(async () => void (await change())).catch(() => undefined);
  return shown;
}

const loadRequests = () =>
  inTurn(async () => {
    const { requests } = (await control('GET', '/requests')) as { requests: RecordedRequest[] };
    showRequests(requests);
  });

function on(id: string, event: string, action: () => unknown): void {
  byId(id).addEventListener(event, (happened) => {
    if (event === 'submit') happened.preventDefault();
    action();
  });
}

on('scenario', 'submit', setScenario);
on('default', 'click', async () => {
  await control('DELETE', '/scenario');
  say('scenario-message', 'The default responses are back.');
});
on('operation', 'change', () => {
  showChoices();
  showTry(chosenOperation());
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
on('copy', 'click', copyCurl);
on('send', 'click', send);
on('try', 'input', showCurl);

const events = new EventSource('./events');
events.addEventListener('state', ({ data }) => showState(JSON.parse(data) as State));
events.addEventListener('request', ({ data }) =>
  inTurn(() => addRequest(JSON.parse(data) as RecordedRequest)),
);
events.addEventListener('open', async () => {
  byId('live').dataset.state = 'live';
  byId('live').textContent = 'Live';
  await loadRequests();
});
events.addEventListener('error', () => {
  byId('live').dataset.state = 'lost';
  byId('live').textContent = 'The mock does not respond';
});
