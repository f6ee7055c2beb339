// Waiting, but never for ever: every wait ends with the step.

// within resolves like promise, or rejects after ms and when signal fires.
export function within(ms, signal, promise) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, ms, new Error(`nothing within ${ms} ms`));
    signal.addEventListener("abort", () => reject(new Error("the step is over")));
    Promise.resolve(promise).then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

// pause resolves after ms, or at once when signal fires.
export function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

// event resolves with an engine's next event for which test is true.
export function event(engine, name, test, signal) {
  return new Promise((resolve) => {
    const end = () => engine.off(name, listen);
    function listen(...args) {
      if (!test(...args)) return;
      end();
      resolve(args);
    }
    engine.on(name, listen);
    signal.addEventListener("abort", () => {
      try {
        end();
      } catch {
        // the engine ended first
      }
    });
  });
}
