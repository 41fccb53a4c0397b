/* select.js: ticks in a table; Shift takes a range; the button says how many. */
import { $, $$, fill, word } from './dom.js';

function attach(table) {
  const boxes = $$('tbody input[type=checkbox]:not(:disabled)', table);
  const all = $('[data-all]', table);
  let last = null;

  function show() {
    const n = boxes.filter(box => box.checked).length;
    if (all) {
      all.checked = n > 0 && n === boxes.length;
      all.indeterminate = n > 0 && n < boxes.length;
    }
    $$('[data-chosen]').forEach(place => { place.textContent = word('chosen', { n }); });
    $$('[data-count-button]').forEach(button => {
      button.dataset.n = n;
      const text = $('[data-count-text]', button);
      text.textContent = fill(text.dataset.countText, { n });
    });
    boxes.forEach(box => box.closest('tr').classList.toggle('is-on', box.checked));
  }

  if (all) {
    all.addEventListener('change', () => {
      boxes.forEach(box => { box.checked = all.checked; });
      show();
    });
  }
  boxes.forEach((box, index) => box.addEventListener('click', event => {
    if (event.shiftKey && last !== null) {
      const [from, to] = [Math.min(index, last), Math.max(index, last)];
      boxes.slice(from, to + 1).forEach(other => { other.checked = box.checked; });
    }
    last = index;
    show();
  }));
  show();
}

$$('table[data-select]').forEach(attach);
