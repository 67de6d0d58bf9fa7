// What is wrong with how a screen, an overlay, or a page with neither, is laid out: whatever leaves it or the box that
// clips it, and lines so close that stacked Vietnamese marks touch.
const wrong = [];
const root = document.documentElement;
const wall = document.querySelector('.screen, .overlay');
const screen = wall ?? document.body;
// A page may be longer than what is seen of it, and no wider.
const whole = wall ? wall.getBoundingClientRect() : { left: 0, right: root.clientWidth, top: -Infinity, bottom: Infinity };
const named = (element) => element.tagName.toLowerCase() + '.' + [...element.classList].join('.');
const hidden = (element) => element.closest('.unseen, .s-watermark, [hidden]') || getComputedStyle(element).display === 'none';
if (root.scrollWidth > root.clientWidth + 1 || (wall && root.scrollHeight > root.clientHeight + 1)) {
  wrong.push(`the page scrolls: ${root.scrollWidth}x${root.scrollHeight}`);
}
const words = document.createTreeWalker(screen, NodeFilter.SHOW_TEXT);
for (let node = words.nextNode(); node; node = words.nextNode()) {
  const text = node.textContent.trim();
  const element = node.parentElement;
  if (!text || hidden(element)) continue;
  const range = document.createRange();
  range.selectNodeContents(node);
  const rects = [...range.getClientRects()].filter((rect) => rect.width > 0 && rect.height > 0);
  const style = getComputedStyle(element);
  const size = parseFloat(style.fontSize);
  const line = parseFloat(style.lineHeight);
  // Ink is a little smaller than the box of its letters: 0.1 em above a capital with two marks.
  const spare = size * 0.1;
  if (rects.length > 1 && new Set(rects.map((rect) => Math.round(rect.top))).size > 1 && line < size * 1.19) {
    wrong.push(`lines of "${text.slice(0, 40)}" stand too close: ${line} at ${size} px`);
  }
  for (const rect of rects) {
    // A unit for which there is no room beside the name wraps out of sight.
    const team = element.classList.contains('unit') && element.closest('.team');
    if (team && rect.top >= team.getBoundingClientRect().bottom - spare) break;
    const cut = element.closest('.unit');
    if ((!cut && (rect.left < whole.left - 1 || rect.right > whole.right + 1)) || rect.top < whole.top - spare || rect.bottom > whole.bottom + spare) {
      wrong.push(`"${text.slice(0, 40)}" (${named(element)}) leaves the screen`);
      break;
    }
    let clipped = false;
    for (let box = element; box && box !== screen; box = box.parentElement) {
      const of = getComputedStyle(box);
      if (of.overflowX === 'visible' && of.overflowY === 'visible') continue;
      const edge = box.getBoundingClientRect();
      // A unit beside a name may end in dots; a name may not.
      if ((!cut && (rect.right > edge.right + 1.5 || rect.left < edge.left - 1.5)) || rect.top < edge.top - spare || rect.bottom > edge.bottom + spare) {
        wrong.push(`"${text.slice(0, 40)}" (${named(element)}) is clipped by ${named(box)}`);
        clipped = true;
        break;
      }
    }
    if (clipped) break;
  }
}
for (const row of screen.querySelectorAll('.s-row')) {
  const box = row.getBoundingClientRect();
  for (const cell of row.children) {
    const of = cell.getBoundingClientRect();
    if (of.height > box.height + 2 || of.right > box.right + 1.5) wrong.push(`${named(cell)} is larger than its row`);
  }
}
return wrong.slice(0, 12);
