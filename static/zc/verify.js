/* verify.js: asks for one piece of the verification after the other. Without it the button does. */
import { $, say, word } from './dom.js';

const form = $('form[data-runs]');
const bar = $('progress');
let stopped = false;

async function piece() {
  const answer = await fetch(form.action, {
    method: 'POST',
    body: new FormData(form),
    headers: { 'X-Requested-With': 'XMLHttpRequest' },
  });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

/** Go on until it has ended. */
async function run() {
  for (;;) {
    const state = await piece();
    if (stopped) return;
    if (state.done) {
      window.location.reload();
      return;
    }
    bar.max = state.until || 1;
    bar.value = state.position;
    $('#told').textContent = word('verified', {
      n: state.position, all: state.until, faults: state.faults,
    });
  }
}

if (form) {
  form.hidden = true;
  document.addEventListener('submit', () => { stopped = true; });
  say($('#told').textContent);
  run().catch(() => {
    form.hidden = false;
    $('#told').textContent = word('not_verified');
    say(word('not_verified'));
  });
}
