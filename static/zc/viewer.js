/* viewer.js: the pages of the evidence of one section: page, zoom, rotate, thumbnails. */
import { $, $$, reveal, word } from './dom.js';

const SMALLEST = 0.5;
const LARGEST = 3;

export class Viewer {
  constructor(root) {
    this.root = root;
    this.pages = $$('[data-src]', root);
    this.image = $('[data-page-image]', root);
    this.canvas = $('.zc-canvas', root);
    this.at = -1;
    this.zoom = 1;
    this.turns = 0;
    this.image.addEventListener('load', () => this.scale());
    root.addEventListener('click', event => this.clicked(event.target.closest('button')));
  }

  clicked(button) {
    if (!button) return;
    const { turn, zoom } = button.dataset;
    if ('src' in button.dataset) this.show(this.pages.indexOf(button));
    if (turn) this.turn(Number(turn));
    if (zoom) this.magnify(zoom === 'in');
    if ('rotate' in button.dataset) this.rotate();
  }

  /** Show the first page, when the section is first looked at: pages are fetched only then. */
  wake() {
    if (this.at < 0 && this.pages.length) this.show(0);
  }

  open(file) {
    this.show(this.pages.findIndex(page => page.dataset.file === file));
  }

  turn(by) {
    this.show(Math.max(0, Math.min(this.pages.length - 1, this.at + by)));
  }

  show(index) {
    if (index < 0 || index === this.at) return;
    this.at = index;
    const { src, name, page, pages, originalUrl } = this.pages[index].dataset;
    this.pages.forEach((other, i) => {
      if (i === index) other.setAttribute('aria-current', 'true');
      else other.removeAttribute('aria-current');
    });
    $('[data-file-name]', this.root).textContent = name;
    $('[data-file-name]', this.root).title = name;
    $('[data-place]', this.root).textContent = src ? word('page_of', { page, pages }) : word('no_pages');
    $('[data-original]', this.root).href = originalUrl;
    $('[data-no-pages]', this.root).hidden = Boolean(src);
    this.image.hidden = !src;
    this.image.alt = word('page_alt', { name, page });
    if (src) this.image.src = src;
    this.canvas.scrollTop = 0;
    reveal(this.pages[index], $('.zc-thumbs', this.root));
  }

  magnify(closer) {
    this.zoom = Math.max(SMALLEST, Math.min(LARGEST, this.zoom * (closer ? 1.25 : 0.8)));
    if (Math.abs(this.zoom - 1) < 0.01) this.zoom = 1;
    this.scale();
  }

  rotate() {
    this.turns = (this.turns + 1) % 4;
    this.scale();
  }

  /** Zoom is the image's width; a page on its side gets the room that it then needs. */
  scale() {
    const { image, canvas } = this;
    if (!image.naturalWidth) return;
    const fitting = Math.min(image.naturalWidth, canvas.clientWidth - 28);
    canvas.classList.toggle('is-zoom', this.zoom !== 1);
    if (this.zoom === 1) image.removeAttribute('width');
    else image.width = Math.round(fitting * this.zoom);
    ['is-r90', 'is-r180', 'is-r270'].forEach((name, i) => {
      image.classList.toggle(name, this.turns === i + 1);
    });
    const onSide = this.turns % 2 === 1;
    const room = onSide ? (image.offsetWidth - image.offsetHeight) / 2 : 0;
    image.style.marginTop = onSide ? `${room}px` : '';
    image.style.marginBottom = onSide ? `${room}px` : '';
    image.parentElement.style.minWidth = onSide ? `${image.offsetHeight}px` : '';
  }
}
