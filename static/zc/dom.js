/* dom.js: what the other scripts share. Sentences come from the page (templates/zc/words.html). */

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const block = $('#zc-words');
const words = block ? JSON.parse(block.textContent) : {};

/** Put values into the {places} of a sentence. */
export const fill = (sentence, values = {}) =>
  sentence.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));

/** One of the page's sentences, filled in. */
export const word = (key, values) => fill(words[key] || '', values);

/** Tell screen readers. Emptied first, so that the same sentence is read again. */
export function say(text) {
  const live = $('#live');
  if (!live) return;
  live.textContent = '';
  setTimeout(() => { live.textContent = text; }, 30);
}

/** Does this element take typing? Then no single key may act. */
export function editable(element) {
  if (!element || !element.tagName) return false;
  if (element.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element.tagName)) return true;
  return element.tagName === 'INPUT' && !/^(radio|checkbox|button)$/.test(element.type);
}

/** Is this a key for us? Not while a Chinese input method composes, not with a modifier. */
export function plainKey(event) {
  if (event.isComposing || event.keyCode === 229) return false;
  return !(event.ctrlKey || event.metaKey || event.altKey);
}

/** localStorage, where the browser allows it. */
export const memory = {
  get(key) {
    try { return localStorage.getItem(key); } catch (refused) { return null; }
  },
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, value);
    } catch (refused) { /* A private window forgets: nothing breaks. */ }
  },
};

let opener = null;

/** Open a dialog; browsers without <dialog> get a fixed box that keeps the focus. */
export function openDialog(dialog) {
  opener = document.activeElement;
  if (dialog.showModal) {
    dialog.showModal();
  } else {
    dialog.setAttribute('open', '');
    dialog.setAttribute('role', 'dialog');
    dialog.classList.add('is-plain');
  }
  const first = $('[data-close]', dialog);
  if (first) first.focus();
}

/** Close it and give the focus back. */
export function closeDialog(dialog) {
  if (dialog.close) {
    dialog.close();
  } else {
    dialog.removeAttribute('open');
    dialog.classList.remove('is-plain');
  }
  if (opener && opener.focus) opener.focus();
}

/** Keep Tab inside a dialog that is not the browser's own. */
export function keepInside(event) {
  const dialog = $('dialog.is-plain[open]');
  if (!dialog || event.key !== 'Tab') return;
  const all = $$('button, a[href], input, select, textarea', dialog);
  const edge = event.shiftKey ? all[0] : all[all.length - 1];
  if (document.activeElement === edge || !dialog.contains(document.activeElement)) {
    event.preventDefault();
    (event.shiftKey ? all[all.length - 1] : all[0]).focus();
  }
}

/** Scroll a box, and only it, until an element in it is seen. */
export function reveal(element, box) {
  const inner = element.getBoundingClientRect();
  const outer = box.getBoundingClientRect();
  if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top;
  if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom;
  if (inner.left < outer.left) box.scrollLeft -= outer.left - inner.left;
  if (inner.right > outer.right) box.scrollLeft += inner.right - outer.right;
}
