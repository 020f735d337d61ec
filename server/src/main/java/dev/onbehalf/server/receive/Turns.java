package dev.onbehalf.server.receive;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Has those who write for one credential wait for each other before they take a connection to the
 * database, of which there are few for the whole server: there they would wait for each other all
 * the same. Only some may be at it at once, so that the others' requests find a thread.
 */
final class Turns {
  /** Half the threads that serve the site. */
  static final int MOST_OF_ONE = 12;

  /** The rest of them is for people and for reading. */
  private static final int MOST = 18;

  private final Map<Long, Line> lines = new HashMap<>();
  private int all;

  /** Those who write for one credential now. */
  private static final class Line {
    private final Semaphore turn = new Semaphore(1, true);
    private int waiting;
  }

  /** A place in the line of a credential; given back once. */
  final class Place implements AutoCloseable {
    private final long credential;
    private final Line line;

    private Place(long credential, Line line) {
      this.credential = credential;
      this.line = line;
    }

    /** Does {@code work} when it is its turn. */
    <T> T write(Supplier<T> work) {
      line.turn.acquireUninterruptibly();
      try {
        return work.get();
      } finally {
        line.turn.release();
      }
    }

    @Override
    public void close() {
      synchronized (lines) {
        all--;
        if (--line.waiting == 0) {
          lines.remove(credential);
        }
      }
    }
  }

  /** Takes a place at once; empty if there are enough in line. */
  Optional<Place> enter(long credential) {
    synchronized (lines) {
      Line line = lines.get(credential);
      if (all >= MOST || (line != null && line.waiting >= MOST_OF_ONE)) {
        return Optional.empty();
      }
      if (line == null) {
        line = new Line();
        lines.put(credential, line);
      }
      line.waiting++;
      all++;
      return Optional.of(new Place(credential, line));
    }
  }
}
