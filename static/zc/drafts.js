/* drafts.js: what was typed and not saved is not lost, neither by leaving the page nor with the
   login. It is kept in this tab (sessionStorage) for this user, until it is saved or he signs
   out: never passwords, files, hidden fields or identity numbers. */
import {
  $, $$, say, word,
} from './dom.js';

const login = $('#idle');
const user = login ? login.dataset.user : null;
const forms = $$('form[data-guard]');
const ALL = 'zcDraft/';
const MINE = `${ALL}${user}/`;
const SILENT = /^(hidden|password|file|submit|button|image|reset)$/;
const ID_NUMBER = /\d{17}[\dXx]/;
// What the server compares with the row: a row that moved on meanwhile must be noticed.
const SEEN = ['version', 'seen'];

const store = {
  keys() {
    try {
      return Object.keys(sessionStorage).filter(key => key.startsWith(ALL));
    } catch (refused) {
      return [];
    }
  },
  get(key) {
    try { return JSON.parse(sessionStorage.getItem(key)); } catch (refused) { return null; }
  },
  set(key, draft) {
    try { sessionStorage.setItem(key, JSON.stringify(draft)); } catch (refused) { /* not kept */ }
  },
  remove(key) {
    try { sessionStorage.removeItem(key); } catch (refused) { /* was not kept */ }
  },
};

// ── a form and what stands in it ────────────────────────────────────────
// By its attribute: a form may have a field that is called "action".
const keyOf = form => {
  const address = new URL(form.getAttribute('action') || '', location.href);
  return `${MINE}${address.pathname}#${form.id}`;
};

const kept = control => control.name && !SILENT.test(control.type)
  && !('secret' in control.dataset) && control.autocomplete !== 'off';

const ticks = control => /^(checkbox|radio)$/.test(control.type);

function valueOf(control) {
  if (ticks(control)) return control.checked;
  if (control.multiple) return [...control.selectedOptions].map(option => option.value);
  return ID_NUMBER.test(control.value) ? null : control.value;
}

/** Name by name, in the order of the page, what stands in the controls. */
function read(form) {
  const fields = {};
  [...form.elements].filter(kept).forEach(control => {
    fields[control.name] = [...(fields[control.name] || []), valueOf(control)];
  });
  return fields;
}

function put(control, value) {
  if (value === null || JSON.stringify(valueOf(control)) === JSON.stringify(value)) return;
  if (ticks(control)) control.checked = value;
  else if (control.tomselect) control.tomselect.setValue(value, true);
  else if (control.multiple) {
    [...control.options].forEach(option => { option.selected = value.includes(option.value); });
  } else control.value = value;
  // Counters, cards and lists beside it follow.
  if (control.type !== 'radio' || value) {
    control.dispatchEvent(new Event('input', { bubbles: true }));
    control.dispatchEvent(new Event('change', { bubbles: true }));
  }
}

function writeOnce(form, fields) {
  const next = {};
  [...form.elements].filter(kept).forEach(control => {
    const { name } = control;
    next[name] = (next[name] || 0) + 1;
    const values = fields[name] || [];
    if (next[name] <= values.length) put(control, values[next[name] - 1]);
  });
}

/** Twice: what one list offers may hang on what is chosen in another. */
function write(form, fields) {
  writeOnce(form, fields);
  writeOnce(form, fields);
}

const seenBy = form => SEEN.map(name => (form.elements[name] ? form.elements[name].value : ''));

function setSeen(form, values) {
  SEEN.forEach((name, i) => { if (form.elements[name]) form.elements[name].value = values[i]; });
}

// ── keeping ─────────────────────────────────────────────────────────────
let dirty = false;

/** Leave without a question: what was typed is kept. */
export const settle = () => { dirty = false; };

/** 安全退出: nothing of anybody stays in this tab. */
export const forget = () => store.keys().forEach(store.remove);

function keep(form) {
  dirty = true;
  if (user) store.set(keyOf(form), { fields: read(form), seen: seenBy(form), sent: false });
}

function send(form) {
  dirty = false;
  const draft = store.get(keyOf(form));
  if (draft) store.set(keyOf(form), { ...draft, sent: true });
}

/** What was sent is saved if this page leads on from it; else it is still a draft. */
function sort() {
  store.keys().forEach(key => {
    const draft = store.get(key);
    if (user && !key.startsWith(MINE)) store.remove(key);
    else if (draft && draft.sent && user && !('refused' in login.dataset)) store.remove(key);
    else if (draft && draft.sent) store.set(key, { ...draft, sent: false });
  });
}

// ── giving back ─────────────────────────────────────────────────────────
function offerDiscard(form, before, seen) {
  const note = document.createElement('div');
  note.className = 'zc-note';
  const text = document.createElement('div');
  text.textContent = word('restored');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'zc-btn is-s';
  button.textContent = word('discard');
  button.addEventListener('click', () => {
    write(form, before);
    setSeen(form, seen);
    store.remove(keyOf(form));
    dirty = false;
    note.remove();
    form.setAttribute('tabindex', '-1');
    form.focus();
    say(word('discarded'));
  });
  note.append(text, button);
  form.prepend(note);
  say(word('restored'));
}

function restore(form) {
  const draft = store.get(keyOf(form));
  if (!draft) return;
  const [before, seen] = [read(form), seenBy(form)];
  if (JSON.stringify(before) === JSON.stringify(draft.fields)) {
    store.remove(keyOf(form));
    return;
  }
  write(form, draft.fields);
  setSeen(form, draft.seen);
  keep(form);
  offerDiscard(form, before, seen);
}

forms.forEach(form => {
  ['input', 'change'].forEach(kind => form.addEventListener(kind, () => keep(form)));
  form.addEventListener('submit', () => send(form));
});
sort();
// A refused form shows what was typed already. The other scripts listen before it is given back.
if (user && !('refused' in login.dataset)) {
  window.addEventListener('load', () => forms.forEach(restore));
}

// What was typed and not saved is not left without a question.
window.addEventListener('beforeunload', event => {
  if (!dirty) return;
  event.preventDefault();
  event.returnValue = '';
});
