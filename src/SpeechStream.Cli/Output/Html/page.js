'use strict';
(() => {
  const STEP = 5; // seconds that an arrow key goes
  const RESTART = 1; // seconds into a sentence from which "the sentence before" is its own beginning
  const OWN_SCROLL = 1000; // milliseconds in which a scroll is the page's own

  const player = document.getElementById('player');
  const transcript = document.getElementById('transcript');
  const waveform = document.getElementById('waveform');
  const played = document.getElementById('played');
  const follow = document.getElementById('follow');
  const calm = matchMedia('(prefers-reduced-motion: reduce)');

  const units = [...transcript.querySelectorAll('[data-start]')].map(element => ({
    element,
    sentence: element.closest('.sentence'),
    start: Number(element.dataset.start),
    end: Number(element.dataset.end),
  }));
  const ends = new Map(); // of sentences
  for (const unit of units) {
    unit.element.tabIndex = -1;
    ends.set(unit.sentence, Math.max(unit.end, ends.get(unit.sentence) ?? 0));
  }

  const inTime = [...units].sort((one, other) => one.start - other.start);
  const byElement = new Map(units.map((unit, index) => [unit.element, index]));
  const sentences = [...ends.keys()].map(sentence => Number(sentence.querySelector('[data-start]').dataset.start)).sort((one, other) => one - other);

  let current = null;
  let tabStop = null;
  let following = true;
  let ownScroll = -OWN_SCROLL;
  let frame = 0;

  const length = () => Number.isFinite(player.duration) ? player.duration : Number(waveform?.dataset.duration ?? Infinity);

  // The last one that begins at or before a time, by halving.
  const lastAt = (list, time, start) => {
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (start(list[middle]) <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  };

  const show = () => {
    const time = player.currentTime;
    if (played) {
      played.setAttribute('width', String(waveform.viewBox.baseVal.width * Math.min(time / length(), 1)));
    }

    // Numbers of files are rounded: a seek to 1.2 may come out as 1.1999.
    const found = inTime[lastAt(inTime, time + 0.002, unit => unit.start)];
    const next = found && time < ends.get(found.sentence) + 0.002 ? found : null;
    if (next === current) {
      return;
    }

    const before = current;
    current = next;
    before?.element.classList.remove('current');
    before?.sentence.classList.remove('current');
    if (current) {
      current.element.classList.add('current');
      current.sentence.classList.add('current');
      setTabStop(current.element);
      reveal();
    }
  };

  const setTabStop = element => {
    if (tabStop) {
      tabStop.tabIndex = -1;
    }
    tabStop = element;
    tabStop.tabIndex = 0;
  };

  const reveal = () => {
    const box = current.element.getBoundingClientRect();
    const top = document.querySelector('header').getBoundingClientRect().bottom;
    if (following && (box.top < top || box.bottom > innerHeight * 0.8)) {
      ownScroll = performance.now();
      current.element.scrollIntoView({ block: 'center', behavior: calm.matches ? 'auto' : 'smooth' });
    }
  };

  const setFollowing = value => {
    following = value;
    follow.hidden = value;
    if (value && current) {
      reveal();
    }
  };

  const seek = time => {
    player.currentTime = Math.min(Math.max(time, 0), length());
    setFollowing(true);
    show();
  };

  const explain = () => {
    if (player.error) {
      document.getElementById('problem').hidden = false;
    }
  };

  const play = () => player.play().catch(explain);

  const playFrom = time => {
    seek(time);
    play();
  };

  const tick = () => {
    show();
    frame = player.paused ? 0 : requestAnimationFrame(tick);
  };

  const bySentence = direction => {
    const time = player.currentTime;
    const index = direction > 0 ? lastAt(sentences, time + 0.002, start => start) + 1 : lastAt(sentences, time - RESTART, start => start);
    if (index < sentences.length) {
      seek(index < 0 ? 0 : sentences[index]);
    }
  };

  const byWord = direction => {
    const from = byElement.get(document.activeElement) ?? byElement.get(tabStop);
    const to = units[document.activeElement === units[from]?.element ? from + direction : from];
    if (to) {
      setTabStop(to.element);
      to.element.focus();
    }
  };

  const keys = {
    ' ': () => player.paused ? play() : player.pause(),
    ArrowLeft: () => seek(player.currentTime - STEP),
    ArrowRight: () => seek(player.currentTime + STEP),
    ArrowUp: () => bySentence(-1),
    ArrowDown: () => bySentence(1),
  };

  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.target === player || (event.target === follow && event.key === ' ')) {
      return;
    }

    const unit = units[byElement.get(event.target)];
    if (event.key === 'Enter' && unit) {
      playFrom(unit.start);
    } else if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      byWord(event.key === 'ArrowLeft' ? -1 : 1);
    } else if (!event.shiftKey && Object.hasOwn(keys, event.key)) {
      keys[event.key]();
    } else {
      return;
    }

    event.preventDefault();
  });

  transcript.addEventListener('click', event => {
    const link = event.target.closest('.time');
    const element = link ? link.closest('.sentence').querySelector('[data-start]') : event.target.closest('[data-start]');
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (element && isPlain && (link || getSelection().isCollapsed)) {
      event.preventDefault();
      setTabStop(element);
      playFrom(Number(element.dataset.start));
    }
  });

  waveform?.addEventListener('click', event => {
    const box = waveform.getBoundingClientRect();
    seek(length() * (event.clientX - box.left) / box.width);
  });

  addEventListener('scroll', () => {
    if (!player.paused && performance.now() - ownScroll > OWN_SCROLL) {
      setFollowing(false);
    }
  }, { passive: true });
  for (const type of ['wheel', 'touchmove']) {
    addEventListener(type, () => !player.paused && setFollowing(false), { passive: true });
  }

  follow.addEventListener('click', () => setFollowing(true));
  player.addEventListener('play', () => {
    setFollowing(true);
    frame ||= requestAnimationFrame(tick);
  });
  for (const type of ['timeupdate', 'seeked', 'loadedmetadata']) {
    player.addEventListener(type, show);
  }
  player.addEventListener('error', explain);

  document.getElementById('help').hidden = false;
  transcript.classList.add('seekable');
  waveform?.classList.add('seekable');
  if (units.length > 0) {
    setTabStop(units[0].element);
  }
  explain();
})();
