/* The grid of weights and heights: moves by Enter and arrows, takes Thai digits and blocks of a sheet, and saves each
   cell a moment after it is typed. What is not saved yet stands in the session's store until it is. */
(function () {
  'use strict';
  var form = document.getElementById('measures');
  if (!form || form.hasAttribute('data-off') || !window.fetch) return;
  var columns = ['weight_kg', 'height_cm'];
  var rows = [].slice.call(form.querySelectorAll('tr[data-pupil]'));
  var state = form.querySelector('[data-state]'), on = form.elements.on;
  var store = 'measures:' + location.pathname, timer = null, sending = false, wait = 400;

  function inputs(row) { return columns.map(function (name) { return row.querySelector('[data-cell="' + name + '"]'); }); }
  var grid = rows.map(inputs);
  function placeOf(input) {
    for (var r = 0; r < grid.length; r++) { var c = grid[r].indexOf(input); if (c >= 0) return [r, c]; }
    return null;
  }
  function plain(text) {
    return text.replace(/[๐-๙]/g, function (d) { return String(d.charCodeAt(0) - 0xe50); }).replace(/[^\S\n]+/g, '').replace(/^(\d+),(\d{1,2})$/, '$1.$2');
  }
  function say(text, kind) { state.textContent = text; state.className = 'small ' + (kind || ''); }
  function go(r, c) {
    if (r >= grid.length && c + 1 < columns.length) { r = 0; c += 1; }
    if (!grid[r] || !grid[r][c]) return;
    grid[r][c].focus(); grid[r][c].select();
  }

  /* ── What is not saved yet ── */
  function isDirty(input) { return input.value !== input.dataset.seen && input.value !== input.dataset.refused; }
  function dirty() {
    var cells = [];
    grid.forEach(function (pair, r) {
      var typed = {}, seen = {}, any = false;
      pair.forEach(function (input, c) {
        if (!isDirty(input)) return;
        typed[columns[c]] = input.value; seen[columns[c]] = input.dataset.seen; any = true;
      });
      if (any) cells.push({ id: +rows[r].dataset.pupil, typed: typed, seen: seen });
    });
    return cells;
  }
  function keep() {
    try {
      var cells = dirty();
      if (cells.length) sessionStorage.setItem(store, JSON.stringify(cells)); else sessionStorage.removeItem(store);
    } catch (e) { /* without a store the page itself still holds it */ }
  }
  function changed(input) {
    input.value = plain(input.value);
    if (input.value === input.dataset.seen) { input.removeAttribute('aria-invalid'); problem(input, ''); }
    input.classList.toggle('waiting', isDirty(input));
    input.classList.remove('saved');
    keep(); later(wait);
  }
  function later(ms) { clearTimeout(timer); timer = setTimeout(save, ms); }
  function problem(input, text) { input.parentNode.querySelector('.problem').textContent = text || ''; }

  /* ── Saving ── */
  function save() {
    var cells = dirty();
    if (sending || !cells.length) return;
    sending = true; say(form.dataset.saving);
    fetch(form.dataset.save, {
      method: 'POST', credentials: 'same-origin', redirect: 'manual',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': form.dataset.token, Accept: 'application/json' },
      body: JSON.stringify({ on: on.value, cells: cells })
    }).then(function (answer) {
      sending = false;
      if (answer.type === 'opaqueredirect' || answer.status === 401) { say(form.dataset.login, 'error'); return null; }
      return answer.json().then(function (told) {
        if (answer.ok) took(told.rows, cells); else { say(told.error || form.dataset.offline, 'error'); }
      }, function () { say(form.dataset.offline, 'error'); });
    }, function () { sending = false; say(form.dataset.offline, 'error'); later(3000); });
  }
  function took(told, cells) {
    var sent = {}, bad = false;
    cells.forEach(function (cell) { sent[cell.id] = cell.typed; });
    told.forEach(function (one) {
      var r = rows.findIndex(function (row) { return +row.dataset.pupil === one.id; });
      if (r < 0) return;
      columns.forEach(function (name, c) {
        if (!(name in sent[one.id])) return;
        var input = grid[r][c], wrong = one.problems[name];
        var stands = one.values[name];
        if (wrong) {
          bad = true; input.dataset.refused = sent[one.id][name];
          /* The next attempt has seen what stands there now. */
          input.dataset.seen = stands;
          input.setAttribute('aria-invalid', 'true'); problem(input, wrong);
        } else {
          delete input.dataset.refused; input.removeAttribute('aria-invalid'); problem(input, '');
          if (input.value === sent[one.id][name]) input.value = stands;
          input.dataset.seen = stands; input.classList.add('saved');
        }
        form.elements['seen-' + input.name].value = stands;
        input.classList.toggle('waiting', isDirty(input));
      });
      rows[r].querySelector('[data-on]').textContent = one.on;
      [].forEach.call(rows[r].querySelectorAll('[data-status]'), function (cell, i) { cell.textContent = one.status[i]; });
    });
    form.querySelector('[data-done]').textContent = grid.filter(function (pair) {
      return pair.every(function (input) { return input.dataset.seen !== ''; });
    }).length;
    keep();
    if (dirty().length) later(wait); else say(bad ? '' : form.dataset.saved, 'ok');
  }

  /* ── Keys and the clipboard ── */
  form.addEventListener('keydown', function (e) {
    var at = placeOf(e.target);
    if (!at || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    var r = at[0], c = at[1], input = e.target, all = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    if (e.key === 'Enter') { e.preventDefault(); if (e.shiftKey) go(r - 1, c); else go(r + 1, c); }
    else if (e.key === 'ArrowDown') { e.preventDefault(); go(r + 1, c); }
    else if (e.key === 'ArrowUp') { e.preventDefault(); go(r - 1, c); }
    else if (e.key === 'ArrowRight' && (all || input.selectionStart === input.value.length)) { e.preventDefault(); go(r, c + 1); }
    else if (e.key === 'ArrowLeft' && (all || input.selectionEnd === 0)) { e.preventDefault(); go(r, c - 1); }
    else if (e.key === 'Escape') { input.value = input.dataset.seen; changed(input); input.select(); }
  });
  form.addEventListener('focusin', function (e) { if (placeOf(e.target)) e.target.select(); });
  form.addEventListener('input', function (e) { if (placeOf(e.target)) changed(e.target); });
  form.addEventListener('focusout', function (e) { if (placeOf(e.target)) later(0); });
  form.addEventListener('paste', function (e) {
    var at = placeOf(e.target), text = (e.clipboardData || window.clipboardData).getData('text');
    if (!at || !/[\t\n\r]/.test(text)) return;
    e.preventDefault();
    text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n').forEach(function (line, dr) {
      line.split('\t').forEach(function (value, dc) {
        var input = grid[at[0] + dr] && grid[at[0] + dr][at[1] + dc];
        if (input && value.trim() !== '') { input.value = value; changed(input); }
      });
    });
  });
  window.addEventListener('beforeunload', function (e) { if (dirty().length) { e.preventDefault(); e.returnValue = ''; } });
  window.addEventListener('online', function () { later(0); });
  form.addEventListener('submit', function () { try { sessionStorage.removeItem(store); } catch (e) { /* nothing kept */ }
    grid.forEach(function (pair) { pair.forEach(function (input) { input.dataset.refused = input.value; }); }); });

  /* ── What an earlier page of this session could not save ── */
  try {
    var kept = JSON.parse(sessionStorage.getItem(store) || '[]');
    kept.forEach(function (cell) {
      var r = rows.findIndex(function (row) { return +row.dataset.pupil === cell.id; });
      if (r < 0) return;
      columns.forEach(function (name, c) {
        if (name in cell.typed) { grid[r][c].value = cell.typed[name]; grid[r][c].classList.add('waiting'); }
      });
    });
    if (dirty().length) { say(form.dataset.restored); later(wait); }
  } catch (e) { /* nothing kept */ }
}());
