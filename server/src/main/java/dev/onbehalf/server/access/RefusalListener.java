package dev.onbehalf.server.access;

/** Hears of every refused signature; must return at once and never throw. */
@FunctionalInterface
public interface RefusalListener {
  void refused(RefusedRequest refused);

  /** Hears nothing. */
  static RefusalListener none() {
    return refused -> {};
  }
}
