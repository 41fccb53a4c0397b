/* idle.js: a login that nobody uses ends; this asks before it does. The server says how long it
   lives, and decides; whatever is done in another tab counts here as well. */
import {
  $, closeDialog, openDialog, say, word,
} from './dom.js';
import { forget, settle } from './drafts.js';

const dialog = $('#idle');
const channel = 'BroadcastChannel' in window ? new BroadcastChannel('zc-login') : null;
const tell = message => { if (channel) channel.postMessage(message); };

/** Begin to watch the login of this page. */
function watch() {
  const { user } = dialog.dataset;
  const idle = Number(dialog.dataset.idle) * 1000;
  const early = Math.min(120e3, idle / 2);
  let idleEnd;
  let end;
  let typed = 0;
  let warned = false; // that the whole time is up is said once
  let over = false;

  function live(left) {
    idleEnd = Date.now() + left.idle * 1000;
    end = Date.now() + left.all * 1000;
    if (dialog.open && !over && !warned) closeDialog(dialog);
  }

  function finish(sentence) {
    over = true;
    settle();
    $('h2', dialog).textContent = word('over');
    $('p', dialog).setAttribute('role', 'alert'); // the countdown before was not to be read out
    $('p', dialog).textContent = word(sentence);
    $('button', dialog).hidden = true;
    $('[data-again]', dialog).hidden = false;
    if (!dialog.open) openDialog(dialog);
    $('[data-again]', dialog).focus();
  }

  function renew() {
    const form = $('form', dialog);
    fetch(form.getAttribute('action'), {
      method: 'POST',
      body: new FormData(form),
      credentials: 'same-origin',
      redirect: 'manual',
      headers: { 'X-Requested-With': 'XMLHttpRequest' },
    }).then(async answer => {
      if (!answer.ok) {
        finish('idle_over');
        return;
      }
      const left = await answer.json();
      live(left);
      tell({ user, ...left });
    }, () => say(word('network')));
  }

  function warn(left, sentence) {
    const seconds = Math.ceil(left / 1000);
    const time = word('time_left', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
    $('p', dialog).textContent = word(sentence, { time });
    if (!dialog.open) openDialog(dialog);
  }

  function tick() {
    const now = Date.now();
    const left = Math.min(idleEnd, end) - now;
    if (over || left > early) return;
    if (left <= 0) finish('idle_over');
    else if (end <= idleEnd) {
      if (!warned || dialog.open) warn(left, 'long_soon');
      warned = true;
    } else if (now - typed < early / 2) {
      idleEnd = now + idle; // the answer says it exactly
      renew();
    } else warn(left, 'idle_soon');
  }

  const leave = () => { if (!over) finish('left_over'); };

  dialog.addEventListener('cancel', () => { if (!over && !warned) renew(); });
  $('form', dialog).addEventListener('submit', event => {
    event.preventDefault();
    if (!warned) renew();
  });
  document.addEventListener('input', () => { typed = Date.now(); });
  document.addEventListener('visibilitychange', tick);
  if (channel) {
    channel.addEventListener('message', ({ data }) => {
      if (data.left) forget();
      if (data.left || data.user !== user) leave();
      else live(data);
    });
  }
  const left = { idle: idle / 1000, all: Number(dialog.dataset.all) };
  live(left);
  tell({ user, ...left });
  setInterval(tick, 1000);
  tick();
}

if (dialog) watch();

document.addEventListener('submit', event => {
  if (!event.target.matches('form[data-leave]')) return;
  forget();
  settle();
  tell({ left: true });
});
