(function () {
  var main = document.querySelector('.phone'), cut = document.getElementById('mat');
  var heard = Date.now(), asked = 0, opened = 0, timer = 0, first = true, stream;
  function hear() { heard = Date.now(); cut.hidden = true; }
  // At once after a quiet while, at most every few seconds in a busy one; and never all phones together.
  function look(first) {
    if (timer) return;
    var rest = asked + 4000 - Date.now();
    timer = setTimeout(fetched, first ? 1500 + Math.random() * 3000 : Math.max(rest, 0) + Math.random() * (rest > 0 ? 2000 : 80));
  }
  function fetched() {
    timer = 0;
    asked = Date.now();
    fetch(location.href, { cache: 'no-store' }).then(function (r) {
      if (!r.ok) throw r;
      return r.text();
    }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, 'text/html').getElementById('bang');
      var shown = document.getElementById('bang');
      if (fresh && fresh.outerHTML !== shown.outerHTML) shown.parentNode.replaceChild(fresh, shown);
      hear();
    }).catch(function () { setTimeout(look, 3000); });
  }
  // Each word names what should be shown. What is shown says so of itself: the page may have come from another
  // node, which had not heard the news yet.
  function told(e) {
    hear();
    if (JSON.parse(e.data).hash !== document.getElementById('bang').getAttribute('data-hash')) look(first);
    first = false;
  }
  function open() {
    if (stream) stream.close();
    opened = Date.now();
    stream = new EventSource(main.getAttribute('data-stream'));
    stream.addEventListener('view', told);
    stream.addEventListener('beat', told);
  }
  open();
  setInterval(function () {
    var now = Date.now();
    if (now - heard > 9000) cut.hidden = false;
    if ((now - heard > 9000 || stream.readyState === 2) && now - opened > 4000) open();
  }, 1000);
  addEventListener('online', open);
  main.setAttribute('data-live', '');
})();
