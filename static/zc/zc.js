/* zc.js: what every page does. Each page works without it, only more slowly. */
import {
  $, $$, closeDialog, fill, keepInside, memory, openDialog, word,
} from './dom.js';
import './drafts.js';
import './idle.js';

// Menus close on a click outside and on Esc.
function closeMenus(except) {
  $$('details.zc-menu[open]').forEach(menu => {
    if (!except || !menu.contains(except)) menu.open = false;
  });
}

document.addEventListener('click', event => closeMenus(event.target));
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  const menu = $('details.zc-menu[open]');
  if (menu) {
    menu.open = false;
    $('summary', menu).focus();
  }
  const plain = $('dialog.is-plain[open]');
  if (plain) closeDialog(plain);
});
document.addEventListener('keydown', keepInside);

// 大字版, remembered.
function setSize(large) {
  document.documentElement.dataset.size = large ? 'l' : '';
  $$('button[data-size]').forEach(button => button.setAttribute('aria-pressed', String(large)));
}

if (memory.get('zcLarge')) setSize(true);
document.addEventListener('click', event => {
  if (!event.target.closest('button[data-size]')) return;
  const large = document.documentElement.dataset.size !== 'l';
  setSize(large);
  memory.set('zcLarge', large ? '1' : null);
});

// The error summary takes the focus; its links lead to the field itself.
const summary = $('#errsum');
if (summary) {
  document.title = word('error_title') + document.title;
  summary.focus();
}

function focusField(place) {
  const control = /^(INPUT|SELECT|TEXTAREA)$/.test(place.tagName)
    ? place
    : $('input:not([type=hidden]):not([disabled]), select, textarea', place) || place;
  const shown = control.tomselect ? control.tomselect.control_input : control;
  const folded = place.closest('details');
  if (folded) folded.open = true;
  place.scrollIntoView({ block: 'center' });
  shown.focus({ preventScroll: true });
}

document.addEventListener('click', event => {
  const link = event.target.closest('.zc-errsum a[href^="#"]');
  const place = link && document.getElementById(link.hash.slice(1));
  if (!place) return;
  event.preventDefault();
  focusField(place);
});

// So does an address that names a field or a kind of attachment (数据验证).
function focusNamed() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (place && place.matches('.zc-proof, .zc-field, .zc-field *')) focusField(place);
}

if (!summary) window.addEventListener('load', focusNamed);

// Dialogs that a button opens, and printing.
document.addEventListener('click', event => {
  const open = event.target.closest('[data-open]');
  if (open) openDialog(document.getElementById(open.dataset.open));
  const close = event.target.closest('dialog [data-close]');
  if (close) closeDialog(close.closest('dialog'));
  if (event.target.closest('[data-print]')) print();
});

// What cannot be undone is asked first; the button's own words name the act.
const confirmation = $('#confirm');
let asked = null;

document.addEventListener('click', event => {
  const button = event.target.closest('[data-confirm]');
  if (!button || !confirmation || button === asked) return;
  const values = button.dataset;
  // What will be refused anyway is not asked about: the server says at once what is missing.
  if (values.n === '0' || (values.confirmWhen && !$(values.confirmWhen))) return;
  event.preventDefault();
  event.stopPropagation();
  $('h2', confirmation).textContent = fill(values.confirm, values);
  $('p', confirmation).textContent = fill(values.confirmText, values);
  const ok = $('[data-ok]', confirmation);
  ok.textContent = fill(values.confirmOk, values);
  ok.classList.toggle('is-d', !('confirmPlain' in values));
  ok.classList.toggle('is-p', 'confirmPlain' in values);
  openDialog(confirmation);
  ok.onclick = () => {
    closeDialog(confirmation);
    asked = button;
    button.click();
    asked = null;
  };
}, true);

// 换一张: another picture beside what was typed.
document.addEventListener('click', event => {
  const link = event.target.closest('[data-captcha] a');
  if (!link) return;
  event.preventDefault();
  fetch(link.href, { credentials: 'same-origin' })
    .then(answer => answer.text())
    .then(html => {
      const page = new DOMParser().parseFromString(html, 'text/html');
      link.closest('[data-captcha]').replaceWith($('[data-captcha]', page));
      $('#captcha').focus();
    })
    .catch(() => { location.href = link.href; });
});

// Radio cards.
document.addEventListener('change', event => {
  const radio = event.target.closest('.zc-radio input');
  if (!radio) return;
  $$(`input[name="${CSS.escape(radio.name)}"]`).forEach(other => {
    const card = other.closest('.zc-radio');
    if (card) card.classList.toggle('is-on', other.checked);
  });
});

// 已写 n/500 字: characters, not bytes and not UTF-16 halves; a line break counts as one.
export function count(area) {
  const max = Number(area.dataset.max);
  const out = document.getElementById(`count-${area.id}`);
  if (!out) return;
  const n = [...area.value.replace(/\r\n/g, '\n')].length;
  out.textContent = word('written', { n, max });
  out.classList.toggle('is-over', n > max);
}

document.addEventListener('input', event => {
  if (event.target.dataset && event.target.dataset.max) count(event.target);
});
$$('textarea[data-max]').forEach(count);

// The server writes what is left; this only keeps it fresh.
function refreshDeadline(line) {
  const left = new Date(line.dataset.deadline) - new Date();
  if (!(left > 0)) return;
  const days = Math.floor(left / 864e5);
  $('[data-days]', line).textContent = days;
  $('[data-hours]', line).textContent = word('hours', { n: Math.floor((left % 864e5) / 36e5) });
  line.classList.toggle('err', days < 1);
  line.classList.toggle('warn', days >= 1 && days < 3);
}

function refreshDeadlines() {
  $$('[data-deadline]').forEach(refreshDeadline);
}
refreshDeadlines();
setInterval(refreshDeadlines, 60000);

// A long list can be searched; data-py holds pinyin initials where the server knows them.
function pick(select) {
  const label = select.labels && select.labels[0];
  const name = label ? label.firstChild.textContent.trim() : select.getAttribute('aria-label');
  const box = new window.TomSelect(select, {
    searchField: ['text', 'py'],
    maxOptions: 1000,
    allowEmptyOption: true,
    // Of several, the next one is always offered: Tab would take it and never leave.
    selectOnTab: !select.multiple,
    // At once: who types fast and presses Enter must not get what was active before.
    refreshThrottle: 0,
    onInitialize() {
      this.control_input.setAttribute('aria-label', name);
      select.setAttribute('aria-label', name);
      const described = select.getAttribute('aria-describedby');
      if (described) this.control_input.setAttribute('aria-describedby', described);
      if (select.getAttribute('aria-invalid')) this.control_input.setAttribute('aria-invalid', 'true');
    },
    render: {
      no_results() {
        const none = document.createElement('div');
        none.className = 'no-results';
        none.textContent = word('not_found');
        return none;
      },
    },
  });
  if (select.multiple) {
    box.control.title = word('pick_many');
    box.control.addEventListener('click', event => {
      const item = event.target.closest('.item');
      if (item) box.removeItem(item.dataset.value);
    });
  }
  if (select.dataset.source) fetchOptions(select, box);
}

function fetchOptions(select, box) {
  const chosen = select.value;
  fetch(select.dataset.source, { credentials: 'same-origin' })
    .then(answer => answer.json())
    .then(list => {
      box.clearOptions();
      box.addOptions(list.map(row => ({ value: String(row.id), text: row.text })));
      box.setValue(chosen, true);
    });
}

// The page loads the library before this file where it has such lists.
if (window.TomSelect) $$('select[data-pick]').forEach(pick);
