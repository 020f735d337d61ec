package dev.onbehalf.server;

import java.util.GregorianCalendar;
import jdk.jfr.FlightRecorder;
import org.jdbi.v3.core.statement.JdbiStatementEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Initialises, beside the opening of the database, classes that several libraries would otherwise
 * initialise one after another: a fifth of the time a start takes (docs/performance.md).
 */
final class ClassesAhead implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ClassesAhead.class);

  /** Jetty asks Java's management for it, which is a tenth of a start: 64 bytes hold 16. */
  private static final String REFERENCES_PER_CACHE_LINE =
      "org.eclipse.jetty.util.referencesPerCacheLine";

  private ClassesAhead() {}

  static void load() {
    if (System.getProperty(REFERENCES_PER_CACHE_LINE) == null) {
      System.setProperty(REFERENCES_PER_CACHE_LINE, "16");
    }
    Thread thread = new Thread(new ClassesAhead(), "classes-ahead");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try {
      FlightRecorder.register(JdbiStatementEvent.class);
      LOG.trace("{}", new GregorianCalendar());
    } catch (LinkageError e) {
      LOG.debug("Loaded later, by who needs it", e);
    }
  }
}
