/** Style of the HTML report: system fonts, light and dark, down to a phone, and on paper. */
export const style = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f6f7f9, #14171c);
  --card: light-dark(#ffffff, #1c2027);
  --line: light-dark(#dde1e7, #343b46);
  --text: light-dark(#1b2430, #e6e9ee);
  --soft: light-dark(#566273, #a3adba);
  --link: light-dark(#0b57b7, #8ab8ff);
  --code: light-dark(#f0f2f5, #12151a);
  --passed: light-dark(#147a3c, #5fd08a);
  --failed: light-dark(#b3261e, #ff8f86);
  --known: light-dark(#8a5a00, #f0b84a);
  --not-exercised: light-dark(#566273, #a3adba);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
main, header, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
body { overflow-wrap: anywhere; }
h1 { font-size: clamp(1.6rem, 4.5vw, 2.3rem); line-height: 1.2; margin: .3rem 0 .6rem; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .8rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .4rem 0; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
code, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; font-size: .86em; }
pre { margin: .5rem 0; padding: .75rem .9rem; background: var(--code); border: 1px solid var(--line); border-radius: 8px;
  white-space: pre-wrap; overflow-wrap: anywhere; max-height: 22rem; overflow: auto; }
.eyebrow { color: var(--soft); margin: 0; }
.verdict-passed { color: var(--passed); } .verdict-failed { color: var(--failed); } .verdict-not-exercised { color: var(--known); }
dl.facts { display: flex; flex-wrap: wrap; gap: .4rem 2rem; margin: 1rem 0 0; }
dl.facts dt { color: var(--soft); font-size: .85rem; } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.bar { display: flex; gap: 3px; height: .8rem; margin: 1.6rem 0 .7rem; }
.bar span { border-radius: 4px; min-width: .5rem; background: currentColor; }
.passed { color: var(--passed); } .failed { color: var(--failed); } .known { color: var(--known); } .not-exercised { color: var(--not-exercised); }
ul.counts { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; list-style: none; margin: 0; padding: 0; }
ul.counts b { font-size: 1.15rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1rem 1.15rem; margin: .8rem 0; }
.card.failed-card { border-inline-start: 5px solid var(--failed); }
.id { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; font-size: .9rem; font-weight: 600; }
.finding { border-top: 1px solid var(--line); margin-top: .9rem; padding-top: .8rem; }
.finding > p:first-child { overflow-wrap: anywhere; }
details.more { margin-top: .9rem; }
.wire { display: grid; gap: 0 1rem; } @media (min-width: 46rem) { .wire { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
.wire h4, .label { font-size: .8rem; font-weight: 600; color: var(--soft); margin: .6rem 0 0; }
.command { position: relative; } .command pre { padding-inline-end: 5rem; }
.copy { position: absolute; inset-block-start: .45rem; inset-inline-end: .45rem; font: inherit; font-size: .8rem; padding: .2rem .6rem; color: var(--text);
  background: var(--card); border: 1px solid var(--line); border-radius: 6px; cursor: pointer; }
summary { cursor: pointer; } summary::marker { color: var(--soft); }
ul.statuses { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; padding: 0; margin: .5rem 0; }
ul.statuses li { border: 1px solid var(--line); border-radius: 999px; padding: .15rem .8rem; background: var(--card); }
ul.statuses li.unseen { border-style: dashed; background: none; color: var(--soft); }
ul.checks { list-style: none; margin: 0; padding: 0; }
ul.checks li { display: grid; grid-template-columns: 1.6rem minmax(0, 1fr); padding: .45rem 0; border-top: 1px solid var(--line); }
ul.checks li:first-child { border-top: 0; }
ul.checks .mark { font-weight: 700; }
ul.checks p { margin: 0; } .soft { color: var(--soft); font-size: .9rem; }
footer { color: var(--soft); padding-block: 2rem 3rem; }
@media print { .copy { display: none; } pre { max-height: none; } details::details-content { content-visibility: visible; height: auto; } }
`;

/** Copies a command. Without JavaScript the page is whole but for the buttons. */
export const script = `
for (const command of document.querySelectorAll('.command')) {
  const button = document.createElement('button');
  button.className = 'copy';
  button.type = 'button';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    const text = command.querySelector('code').textContent;
    try { await navigator.clipboard.writeText(text); button.textContent = 'Copied'; }
    catch { getSelection().selectAllChildren(command.querySelector('code')); button.textContent = 'Selected'; }
  });
  command.append(button);
}
const open = () => document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest('details')?.setAttribute('open', '');
addEventListener('hashchange', open);
open();
`;
