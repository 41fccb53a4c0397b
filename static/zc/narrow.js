/* narrow.js: a list offers only what agrees with what is chosen in the lists beside it. The
   server has left out what can never be chosen, and judges what is. */
import { $$ } from './dom.js';

/** Put these options into a list; a list that can be searched keeps options of its own. */
function put(select, options, chosen) {
  const box = select.tomselect;
  if (!box) {
    select.replaceChildren(...options);
    select.value = chosen;
    return;
  }
  box.clearOptions();
  box.addOptions(options.map(option => (
    { ...option.dataset, value: option.value, text: option.textContent })));
  box.refreshOptions(false);
}

function attach(select) {
  const beside = select.dataset.narrowedBy.split(' ').map(id => document.getElementById(id));
  const all = [...select.options];
  const agrees = option => (option.dataset.fits || '').split(' ')
    .every((code, i) => !beside[i].value || code === beside[i].value);
  const show = () => {
    const chosen = select.value;
    put(select, all.filter(o => !o.value || o.value === chosen || agrees(o)), chosen);
  };
  beside.forEach(other => other.addEventListener('change', show));
  show();
}

$$('select[data-narrowed-by]').forEach(attach);
