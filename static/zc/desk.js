/* desk.js: J and K walk through the queue, Enter opens, as the focus is on the row's link. */
import { $, $$, editable, plainKey } from './dom.js';

const table = $('table[data-queue]');

function walk(by) {
  const rows = $$('tbody tr', table);
  const now = rows.findIndex(row => row.classList.contains('is-cur'));
  const next = rows[now + by];
  if (!next) return;
  if (now >= 0) rows[now].classList.remove('is-cur');
  next.classList.add('is-cur');
  $('.act a', next).focus();
}

if (table) {
  document.addEventListener('keydown', event => {
    if (!plainKey(event) || editable(event.target) || $('dialog[open]')) return;
    if (event.code === 'KeyJ') walk(1);
    if (event.code === 'KeyK') walk(-1);
  });
}
