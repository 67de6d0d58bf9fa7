(function () {
  var main = document.querySelector('.phone'), rows = document.getElementById('bang'), cut = document.getElementById('mat');
  var shown = main.getAttribute('data-hash'), own = main.getAttribute('data-own');
  var heard = Date.now(), opened, patience = 4000, stream;
  function hears(e) {
    heard = Date.now();
    patience = 4000;
    cut.hidden = true;
    return JSON.parse(e.data);
  }
  // The rows come drawn, the same for everybody; whose phone this is only the phone knows.
  function draws(told) {
    if (told.hash === shown) return;
    shown = told.hash;
    rows.innerHTML = told.view;
    var mine = own && rows.querySelector('[data-team="' + own + '"]');
    if (mine) mine.className += ' own';
    // For whoever measures; what comes after the frame's own work has seen it painted.
    if (performance.mark) requestAnimationFrame(function () {
      setTimeout(function () { performance.clearMarks(); performance.mark('drawn ' + shown); });
    });
  }
  function open() {
    if (stream) stream.close();
    opened = Date.now();
    stream = new EventSource(main.getAttribute('data-stream'));
    stream.addEventListener('view', function (e) { draws(hears(e)); });
    // Each beat names what should be shown: this page may be of a node that had not heard the news yet.
    stream.addEventListener('beat', function (e) { if (hears(e).hash !== shown) open(); });
  }
  open();
  setInterval(function () {
    var now = Date.now(), silent = now - heard > 9000;
    if (silent) cut.hidden = false;
    if ((silent || stream.readyState === 2) && now - opened > patience) {
      // A slow network is given longer each time, and phones do not all knock together.
      patience = Math.min(patience * 1.5, 6000) + Math.random() * 1000;
      open();
    }
  }, 1000);
  addEventListener('online', open);
  main.setAttribute('data-live', '');
})();
