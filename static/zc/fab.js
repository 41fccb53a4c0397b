/* fab.js: the framework's own list pages. */
import { $, $$ } from './dom.js';

// The operator is part of the control's name (_flt_<operator>_<column>).
document.addEventListener('change', event => {
  const operator = event.target.closest('.zf-search .op');
  if (!operator) return;
  const field = operator.closest('.f');
  $('[data-filter]', field).name = `_flt_${operator.value}_${field.dataset.col}`;
});

// An empty condition is no condition: it is not sent.
document.addEventListener('submit', event => {
  if (!event.target.classList.contains('zf-search-form')) return;
  $$('[data-filter]', event.target).forEach(control => { control.disabled = !control.value; });
});
window.addEventListener('pageshow', () => {
  $$('.zf-search-form [data-filter]').forEach(control => { control.disabled = false; });
});

// 全选本页
document.addEventListener('change', event => {
  if (!event.target.matches('[data-tick-all]')) return;
  $$('[data-tick]', event.target.closest('table')).forEach(box => {
    box.checked = event.target.checked;
  });
});
