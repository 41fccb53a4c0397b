/* bench.js: the workbench. One section is shown at a time; every key of the help acts here. */
import {
  $, $$, editable, memory, openDialog, plainKey, reveal, say, word,
} from './dom.js';
import { count } from './zc.js';
import { Viewer } from './viewer.js';

const form = $('#bench');
const modules = $$('[data-module]');
const keys = modules.map(module => module.dataset.module);
const viewers = new Map();
const titles = new Map($$('[data-row]').map(row => [row.dataset.row, $('a', row).textContent]));
let at = 0;

$$('[data-view]').forEach(root => {
  viewers.set(root.closest('[data-module]').dataset.module, new Viewer(root));
});

// ── which section is shown ──────────────────────────────────────────────
function go(index) {
  at = Math.max(0, Math.min(keys.length - 1, index));
  const key = keys[at];
  modules.forEach((module, i) => { module.hidden = i !== at; });
  $$('[data-place-of]').forEach(link => {
    const here = link.dataset.placeOf === key;
    if (here) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
    if (here) reveal(link, $('.zc-pane.l'));
  });
  $$('[data-row]').forEach(row => {
    row.classList.toggle('is-cur', row.dataset.row === key);
    if (row.dataset.row === key) reveal(row, $('.zc-rscroll'));
  });
  // What was changed since the last submission is to be seen without searching.
  const changed = $('ins', modules[at]);
  if (changed) reveal(changed.parentElement, changed.closest('.zc-facts'));
  if (viewers.has(key)) viewers.get(key).wake();
  history.replaceState(null, '', `#module-${key}`);
  say($('h2', modules[at]).textContent);
}

document.addEventListener('click', event => {
  const link = event.target.closest('[data-go]');
  if (link && keys.includes(link.dataset.go)) {
    event.preventDefault();
    go(keys.indexOf(link.dataset.go));
    // On a narrow screen the panes stand under each other: lead there.
    if (link.closest('.zc-pane.r') && innerWidth <= 900) modules[at].scrollIntoView();
  }
  const chip = event.target.closest('[data-open-file]');
  if (chip && viewers.has(keys[at])) viewers.get(keys[at]).open(chip.dataset.openFile);
});

// ── verdicts ────────────────────────────────────────────────────────────
const verdictOf = key => {
  const chosen = $(`input[name="verdict-${key}"]:checked`);
  return chosen ? chosen.value : '';
};
const wrongOnes = () => keys.filter(key => verdictOf(key) === 'wrong');

function judge(value) {
  const radio = $(`input[name="verdict-${keys[at]}"][value="${value}"]`);
  if (!radio) return;
  radio.checked = true;
  radio.dispatchEvent(new Event('change', { bubbles: true }));
  if (value === 'right') go(at + 1);
  else $(`#note-${keys[at]}`).focus();
}

function showUnlocks() {
  const hint = $('[data-unlocks]');
  if (!hint) return;
  const target = $('#target').selectedOptions[0];
  const names = wrongOnes().map(key => word('quoted', { name: titles.get(key) }));
  const sentence = names.length
    ? word('unlocks', { names: names.join(word('comma')) })
    : word('unlocks_none');
  hint.textContent = target && 'applicant' in target.dataset ? sentence : '';
}

function showProgress() {
  const open = keys.filter(key => !verdictOf(key));
  $('[data-judged]').textContent = word('judged', { n: keys.length - open.length, all: keys.length });
  const todo = $('[data-todo]');
  todo.hidden = open.length === 0;
  if (open.length) {
    $('[data-todo-text]').textContent = word('todo', { n: open.length });
    const link = $('[data-todo-link]');
    link.textContent = word('jump', { name: titles.get(open[0]) });
    link.href = `#module-${open[0]}`;
    link.dataset.go = open[0];
  }
  $$('[data-verdict-of]').forEach(mark => {
    mark.dataset.verdict = verdictOf(mark.dataset.verdictOf) || 'none';
  });
  showUnlocks();
}

// Sections found right earlier are folded away: the list starts with what is to be done.
function fold() {
  const done = $$('[data-row]').filter(row => verdictOf(row.dataset.row) === 'right');
  const rest = $('[data-rest]');
  if (done.length < 4) return;
  done.forEach(row => row.classList.add('is-done'));
  const list = done[0].parentElement;
  list.classList.add('is-short');
  rest.hidden = false;
  $('[data-rest-text]').textContent = word('rest_right', { n: done.length });
  $('[data-rest-show]').addEventListener('click', () => {
    list.classList.remove('is-short');
    rest.hidden = true;
    $('a', list).focus();
  });
}

// ── result and opinion ──────────────────────────────────────────────────
function showAction() {
  const chosen = $('input[name=action]:checked');
  const back = $('[data-back]');
  if (back) back.hidden = !chosen || chosen.dataset.kind !== 'back';
  const label = $('[data-primary-word]');
  if (chosen) {
    const sentence = label.dataset.last ? 'save_last' : 'save_next';
    label.textContent = word(sentence, { word: chosen.dataset.word });
  }
}

function changeOpinion(text) {
  const area = $('#opinion');
  area.value = text;
  area.dispatchEvent(new Event('input', { bubbles: true }));
  count(area);
  area.focus();
}

/** Lines that are there already are not written twice; what was typed stays. */
function addToOpinion(lines) {
  const now = $('#opinion').value.trim();
  const fresh = lines.filter(line => !now.includes(line));
  changeOpinion([now, ...fresh].filter(Boolean).join('\n'));
}

function fromNotes() {
  return wrongOnes().map(key => word('opinion_line', {
    name: titles.get(key),
    note: $(`#note-${key}`).value.trim() || word('please_check'),
  }));
}

if (form) {
  form.addEventListener('change', event => {
    const { name, value } = event.target;
    if (name && name.startsWith('verdict-')) {
      $(`[data-note="${name.slice(8)}"]`).hidden = value !== 'wrong';
      showProgress();
    }
    if (name === 'action') showAction();
    if (name === 'target') showUnlocks();
  });
  form.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.dataset.phrase) addToOpinion([button.dataset.phrase]);
    if ('generate' in button.dataset) addToOpinion(fromNotes());
  });
  fold();
  showProgress();
  showAction();
}

// ── keyboard ────────────────────────────────────────────────────────────
const viewer = () => viewers.get(keys[at]);
const press = selector => { const target = $(selector); if (target) target.click(); };

// By event.code: the same key of the keyboard, whatever the input method makes of it.
const KEYMAP = {
  KeyJ: () => go(at + 1),
  KeyK: () => go(at - 1),
  Digit1: () => judge('right'),
  Digit2: () => judge('wrong'),
  ArrowLeft: () => viewer() && viewer().turn(-1),
  ArrowRight: () => viewer() && viewer().turn(1),
  Equal: () => viewer() && viewer().magnify(true),
  NumpadAdd: () => viewer() && viewer().magnify(true),
  Minus: () => viewer() && viewer().magnify(false),
  NumpadSubtract: () => viewer() && viewer().magnify(false),
  KeyR: () => viewer() && viewer().rotate(),
  KeyP: () => press('[data-code=KeyP]'),
  KeyB: () => press('[data-code=KeyB]'),
  KeyX: () => press('[data-code=KeyX]'),
  KeyO: () => { const area = $('#opinion'); if (area) area.focus(); },
  BracketLeft: () => press('[data-code=BracketLeft]'),
  BracketRight: () => press('[data-code=BracketRight]'),
};

const keysOn = $('#keys-on');
keysOn.checked = memory.get('zcKeys') !== 'off';
keysOn.addEventListener('change', () => memory.set('zcKeys', keysOn.checked ? null : 'off'));

/** Arrows belong to the radio group that has the focus. */
const native = event => event.code.startsWith('Arrow') && event.target.type === 'radio';

document.addEventListener('keydown', event => {
  if (event.isComposing || event.keyCode === 229) return;
  if ((event.ctrlKey || event.metaKey) && event.code === 'Enter') {
    event.preventDefault();
    press('[data-primary]');
    return;
  }
  if (event.key === 'Escape' && editable(event.target)) {
    event.target.blur();
    return;
  }
  if (!plainKey(event) || editable(event.target) || $('dialog[open]')) return;
  if (event.key === '?' || event.key === '？') {
    openDialog($('#keys'));
    return;
  }
  const act = KEYMAP[event.code];
  if (!act || !keysOn.checked || native(event)) return;
  event.preventDefault();
  act();
});

// Start where the address points, else at the first section that has no verdict.
const asked = keys.indexOf(location.hash.replace('#module-', ''));
const firstOpen = keys.findIndex(key => !verdictOf(key));
if (keys.length) go(asked >= 0 ? asked : Math.max(0, form ? firstOpen : 0));
