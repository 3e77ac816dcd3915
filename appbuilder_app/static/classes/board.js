/* Pupils go from room to room by mouse, finger or arrow keys. Nothing is sent before it is saved: the form then carries
   who goes where, and the server moves all of them or none. Without this script there are the ticks and the button. */
(function () {
  'use strict';
  var form = document.getElementById('board');
  if (!form) return;
  var rooms = [].slice.call(form.querySelectorAll('.room')), targets = form.querySelector('.targets');
  var staged = form.querySelector('[data-staged]'), state = form.querySelector('[data-state]'), said = form.querySelector('[data-said]');
  var drag = null;

  function pupils() { return [].slice.call(form.querySelectorAll('.pupil')); }
  function roomOf(pupil) { return pupil.closest('.room').dataset.room; }
  function moved() { return pupils().filter(function (one) { return roomOf(one) !== one.dataset.from; }); }
  function boxOf(pupil) { return pupil.querySelector('input'); }
  function nameOf(pupil) { return pupil.querySelector('.who').textContent.trim(); }

  /* ── Putting into a room ── */
  function put(list, room) {
    list.forEach(function (pupil) {
      var into = room.querySelector('ul'), after = [].slice.call(into.children).find(function (one) { return nameOf(one) > nameOf(pupil); });
      into.insertBefore(pupil, after || null);
    });
    if (list.length) said.textContent = form.dataset.told.replace('{who}', list.map(nameOf).join(', ')).replace('{room}', room.dataset.room);
    show();
  }
  function show() {
    var list = moved();
    pupils().forEach(function (one) { one.classList.toggle('staged', list.indexOf(one) >= 0); });
    rooms.forEach(function (room) { room.querySelector('[data-count]').textContent = room.querySelectorAll('.pupil').length; });
    staged.hidden = !list.length;
    state.textContent = form.dataset.unsaved.replace('{n}', list.length);
  }
  /* Who is dragged takes along all that are ticked, if they are ticked themselves. */
  function together(pupil) { return boxOf(pupil).checked ? pupils().filter(function (one) { return boxOf(one).checked; }) : [pupil]; }
  function placed(list, room) { put(list, room); list.forEach(function (one) { boxOf(one).checked = false; }); }

  /* ── Dragging ── */
  function at(x, y) {
    var under = document.elementFromPoint(x, y), place = under && under.closest('[data-room]');
    if (!place || !form.contains(place)) return null;
    return rooms.find(function (room) { return room.dataset.room === place.dataset.room; }) || null;
  }
  function lit(room) {
    [].forEach.call(form.querySelectorAll('.over'), function (one) { one.classList.remove('over'); });
    if (room) [].forEach.call(form.querySelectorAll('[data-room="' + room.dataset.room + '"]'), function (one) { one.classList.add('over'); });
  }
  function begin() {
    drag.list = together(drag.pupil);
    drag.ghost = document.createElement('div'); drag.ghost.className = 'ghost';
    drag.ghost.textContent = nameOf(drag.pupil) + (drag.list.length > 1 ? ' +' + (drag.list.length - 1) : '');
    document.body.append(drag.ghost); document.body.classList.add('dragging'); targets.hidden = false;
    drag.list.forEach(function (one) { one.classList.add('taken'); });
    drag.scroll = setInterval(function () {  /* a long class: the page follows the finger to its edge */
      var edge = drag.y < 110 ? -14 : drag.y > innerHeight - 110 ? 14 : 0;
      if (edge && !(drag.overTargets)) scrollBy(0, edge);
    }, 16);
  }
  function end(kept) {
    if (!drag) return;
    var was = drag; drag = null; clearInterval(was.scroll); lit(null);
    if (!was.list) return;
    was.ghost.remove(); document.body.classList.remove('dragging'); targets.hidden = true;
    was.list.forEach(function (one) { one.classList.remove('taken'); });
    if (kept && was.room) placed(was.list, was.room);
    /* The click that ends a drag must not tick the box under it. */
    addEventListener('click', stop, true);
    setTimeout(function () { removeEventListener('click', stop, true); }, 0);
  }
  function stop(event) { event.preventDefault(); event.stopPropagation(); }
  form.addEventListener('pointerdown', function (event) {
    var pupil = event.target.closest('.pupil');
    /* A finger on the name scrolls the page; on the grip it drags. A mouse drags anywhere. */
    if (!pupil || event.button || (event.pointerType !== 'mouse' && !event.target.closest('.grip'))) return;
    drag = { pupil: pupil, x: event.clientX, y: event.clientY, id: event.pointerId };
    if (event.pointerType !== 'mouse') event.target.setPointerCapture(event.pointerId);
  });
  addEventListener('pointermove', function (event) {
    if (!drag || event.pointerId !== drag.id) return;
    if (!drag.list && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) return;
    if (!drag.list) begin();
    event.preventDefault();
    drag.y = event.clientY; drag.room = at(event.clientX, event.clientY);
    drag.overTargets = !!(document.elementFromPoint(event.clientX, event.clientY) || targets).closest('.targets');
    var x = Math.min(event.clientX + 14, innerWidth - drag.ghost.offsetWidth - 8);
    drag.ghost.style.transform = 'translate(' + x + 'px,' + (event.clientY - 56) + 'px)';
    lit(drag.room);
  });
  addEventListener('pointerup', function () { end(true); });
  addEventListener('pointercancel', function () { end(false); });
  addEventListener('keydown', function (event) { if (event.key === 'Escape') end(false); });

  /* ── The keyboard ── */
  form.addEventListener('keydown', function (event) {
    var grip = event.target.closest('.grip'), way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!grip || !way) return;
    event.preventDefault();
    var pupil = grip.closest('.pupil'), next = rooms[rooms.indexOf(pupil.closest('.room')) + way];
    if (!next) return;
    placed(together(pupil), next); grip.focus();
  });

  /* ── Ticks, taking back, saving ── */
  form.addEventListener('change', function (event) {
    if (!event.target.matches('[data-every]')) return;
    [].forEach.call(event.target.closest('.room').querySelectorAll('.pupil input'), function (box) { box.checked = event.target.checked; });
  });
  form.querySelector('[data-back]').addEventListener('click', function () {
    moved().forEach(function (one) { put([one], rooms.find(function (room) { return room.dataset.room === one.dataset.from; })); });
    said.textContent = '';
  });
  form.addEventListener('submit', function (event) {
    var rows = {}, ticked = event.submitter && event.submitter.name === 'ticked';
    moved().forEach(function (one) { rows[one.dataset.pupil] = { student: +one.dataset.pupil, grade: form.dataset.grade, room: +roomOf(one) }; });
    if (ticked && Object.keys(rows).length) {
      pupils().filter(function (one) { return boxOf(one).checked; }).forEach(function (one) {
        rows[one.dataset.pupil] = { student: +one.dataset.pupil, grade: form.elements.grade.value, room: +form.elements.room.value };
      });
    }
    var list = Object.keys(rows).map(function (key) { return rows[key]; });
    form.elements.rows.value = list.length ? JSON.stringify(list) : '';
    leaving = true;
  });
  var leaving = false;
  addEventListener('beforeunload', function (event) { if (!leaving && moved().length) event.preventDefault(); });

  /* After a refusal all stand where they were put. */
  try {
    JSON.parse(form.elements.rows.value || '[]').forEach(function (row) {
      var pupil = form.querySelector('[data-pupil="' + row.student + '"]'), room = rooms.find(function (one) { return +one.dataset.room === row.room; });
      if (pupil && room && row.grade === form.dataset.grade) put([pupil], room);
    });
  } catch (e) { /* what somebody else has put there */ }
  said.textContent = '';
  show();
})();
