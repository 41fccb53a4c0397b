/* upload.js: files go one by one, with progress; the server answers each with its tile. Without this
   script the same form is posted as usual. */
import {
  $, $$, fill, say, word,
} from './dom.js';

const size = bytes => (bytes < 1048576
  ? `${Math.max(1, Math.round(bytes / 1024))} KB`
  : `${(bytes / 1048576).toFixed(1)} MB`);

function tile(kind, name) {
  const item = document.getElementById(`tile-${kind}`).content.firstElementChild.cloneNode(true);
  $('[data-name]', item).textContent = name;
  return item;
}

/** How many there are, and whether that is enough. */
function recount(proof) {
  const have = $$('[data-files] > .zc-file:not(.is-err):not([data-under-way])', proof).length;
  const number = $('[data-have]', proof);
  if (number) number.textContent = have;
  const full = have >= Number(proof.dataset.most);
  const form = $('form[data-upload]', proof);
  if (form) form.hidden = full;
  if (form) $('[data-full]', proof).hidden = !full;
  const lacking = have < Number(proof.dataset.least);
  const no = $('[data-lacking]', proof);
  const yes = $('[data-complete]', proof);
  if (no) no.hidden = !lacking;
  if (yes) yes.hidden = lacking;
}

function refuse(item, file, reason) {
  const refused = tile('refused', file.name);
  // The server's sentence begins with the file's name, which stands above it already.
  const why = reason.split(word('refused', { reason: '' })).pop();
  $('[data-meta]', refused).textContent = word('refused', { reason: why });
  $('[data-dismiss]', refused).setAttribute('aria-label', word('dismiss', { name: file.name }));
  item.replaceWith(refused);
}

function reasonOf(request) {
  try {
    return JSON.parse(request.responseText).error || word('server');
  } catch (unreadable) {
    return word('server');
  }
}

/** The answer: a tile, a refusal, or the login page when the session has ended. */
function received(request, item, file, proof) {
  const html = request.responseText.trim();
  if (request.status >= 200 && request.status < 300 && html.startsWith('<li')) {
    item.insertAdjacentHTML('afterend', html);
    item.remove();
    const batch = request.getResponseHeader('X-Batch');
    if (batch) $$('input[name=batch]').forEach(input => { input.value = batch; });
    refresh();
    say(word('sent', { name: file.name }));
  } else if (request.status >= 200 && request.status < 300) {
    refuse(item, file, word('expired'));
  } else {
    refuse(item, file, reasonOf(request));
  }
  recount(proof);
}

/** What else the page says of the files: the states in the rail, what an entry still lacks. */
let behind = 0;
function refresh() {
  const shell = $('[data-fresh-from]');
  if (!shell || !shell.dataset.freshFrom) return;
  behind += 1;
  shell.setAttribute('aria-busy', 'true');
  fetch(shell.dataset.freshFrom, { credentials: 'same-origin' })
    .then(answer => (answer.ok ? answer.text() : ''))
    .then(html => {
      const page = new DOMParser().parseFromString(html, 'text/html');
      $$('[data-fresh]', shell).forEach(place => {
        const fresh = $(`[data-fresh="${place.dataset.fresh}"]`, page);
        if (fresh && !place.contains(document.activeElement)) place.innerHTML = fresh.innerHTML;
      });
    }, () => say(word('network')))
    .then(() => {
      behind -= 1;
      if (!behind) shell.removeAttribute('aria-busy');
    });
}

function watch(request, item, file) {
  const bar = $('[data-bar]', item);
  const meta = $('[data-meta]', item);
  bar.setAttribute('aria-label', file.name);
  const show = percent => {
    bar.value = percent;
    meta.textContent = percent < 100
      ? word('sending', { percent, size: size(file.size) })
      : word('checking');
  };
  show(0);
  request.upload.addEventListener('progress', event => {
    if (event.lengthComputable) show(Math.round((event.loaded / event.total) * 100));
  });
}

/** Send one file; resolves when it has been answered, refused or cancelled. */
function send(form, file) {
  const proof = form.closest('[data-proof]');
  const item = tile('sending', file.name);
  item.dataset.underWay = '';
  $('[data-files]', proof).append(item);
  // What is too large is not sent first: the server may cut it off before it can say why.
  if (file.size > Number(form.dataset.limit)) {
    refuse(item, file, fill(form.dataset.tooLarge, file));
    return Promise.resolve();
  }
  const data = new FormData();
  data.append('csrf_token', form.elements.csrf_token.value);
  data.append('file', file, file.name);
  return new Promise(done => {
    const request = new XMLHttpRequest();
    watch(request, item, file);
    const cancel = $('[data-cancel]', item);
    cancel.setAttribute('aria-label', word('cancel_upload', { name: file.name }));
    cancel.addEventListener('click', () => request.abort());
    request.addEventListener('load', () => { received(request, item, file, proof); done(); });
    request.addEventListener('error', () => { refuse(item, file, word('network')); done(); });
    request.addEventListener('abort', () => { item.remove(); done(); });
    request.open('POST', form.action);
    request.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
    request.setRequestHeader('Accept', 'text/html, application/json');
    request.send(data);
  });
}

function attach(form) {
  const zone = $('[data-drop]', form);
  const input = $('input[type=file]', form);
  let queue = Promise.resolve();
  const take = files => [...files].forEach(file => { queue = queue.then(() => send(form, file)); });
  form.classList.add('is-live');
  input.classList.add('zc-sr');
  const chosen = () => { take(input.files); input.value = ''; };
  input.addEventListener('change', chosen);
  chosen(); // a file may have been chosen before this script had come
  ['dragenter', 'dragover'].forEach(name => zone.addEventListener(name, event => {
    event.preventDefault();
    zone.classList.add('is-over');
  }));
  ['dragleave', 'drop'].forEach(name => zone.addEventListener(name, event => {
    event.preventDefault();
    zone.classList.remove('is-over');
  }));
  zone.addEventListener('drop', event => take(event.dataTransfer.files));
}

$$('form[data-upload]').forEach(attach);

document.addEventListener('click', event => {
  const button = event.target.closest('[data-dismiss]');
  if (button) button.closest('.zc-file').remove();
});

// A tile is removed without loading the page anew: what is typed beside it stays.
document.addEventListener('submit', event => {
  const form = event.target.closest('form[data-remove]');
  if (!form) return;
  event.preventDefault();
  const item = form.closest('.zc-file');
  const proof = form.closest('[data-proof]');
  const name = $('.nm', item).textContent;
  fetch(form.action, {
    method: 'POST',
    body: new FormData(form),
    credentials: 'same-origin',
    headers: { 'X-Requested-With': 'XMLHttpRequest' },
  }).then(async answer => {
    if (!answer.ok) {
      const reason = await answer.json().then(body => body.error, () => word('server'));
      $('.mt', item).textContent = reason;
      item.classList.add('is-err');
      say(reason);
      return;
    }
    item.remove();
    recount(proof);
    refresh();
    say(word('removed', { name }));
  }, () => say(word('network')));
});
