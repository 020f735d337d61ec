package dev.onbehalf.server.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Places for requests that wait for another server while they hold a thread: some in all, and fewer
 * for each of those who share them, such as one caller or one slow peer. Safe for several threads.
 */
public final class Places {
  private final int most;
  private final int mostOfOne;
  private final Map<String, Integer> taken = new HashMap<>();
  private int all;

  /**
   * Makes the places.
   *
   * @param most how many there are
   * @param mostOfOne how many of them one name may take
   */
  public Places(int most, int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  /** As many as leave threads for everybody else's pages, however slow the others are. */
  public static Places standard() {
    return new Places(16, 5);
  }

  /** A place that was taken; given back once. */
  public final class Place implements AutoCloseable {
    private final List<String> names;
    private boolean closed;

    private Place(List<String> names) {
      this.names = names;
    }

    @Override
    public void close() {
      synchronized (taken) {
        if (!closed) {
          closed = true;
          all--;
          leave(names);
        }
      }
    }
  }

  /** Takes a place at once; empty if there is none, or one of {@code names} has its share. */
  public Optional<Place> enter(String... names) {
    synchronized (taken) {
      if (all >= most) {
        return Optional.empty();
      }
      List<String> entered = new ArrayList<>();
      for (String name : names) {
        if (taken.getOrDefault(name, 0) >= mostOfOne) {
          leave(entered);
          return Optional.empty();
        }
        taken.merge(name, 1, Integer::sum);
        entered.add(name);
      }
      all++;
      return Optional.of(new Place(entered));
    }
  }

  private void leave(List<String> names) {
    names.forEach(
        name -> taken.computeIfPresent(name, (n, count) -> count == 1 ? null : count - 1));
  }
}
