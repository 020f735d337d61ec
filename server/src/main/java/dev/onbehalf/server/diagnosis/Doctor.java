package dev.onbehalf.server.diagnosis;

import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.ApplicationConfig.Adapter;
import dev.onbehalf.server.config.Configuration;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs checks of the administrator's own set-up side by side, within a bounded time. */
public final class Doctor {
  private static final Logger LOG = LoggerFactory.getLogger(Doctor.class);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int THREADS = 16;

  private Doctor() {}

  /** Looks at one thing; must end within seconds. */
  @FunctionalInterface
  public interface Work {
    /**
     * Returns what it found.
     *
     * @throws Exception if the check itself went wrong, which is a finding too
     */
    List<SetupFinding> run() throws Exception;
  }

  /**
   * A check.
   *
   * @param subject what it is about, as its findings say
   */
  public record Check(String subject, Work work) {}

  private record Outcome(Check check, List<SetupFinding> findings) {}

  /** Hears how far the run is. */
  @FunctionalInterface
  public interface Progress {
    void done(int done, int total);
  }

  /** Returns the checks that ask public URLs and upstreams. */
  public static List<Check> ofPeers(
      Configuration configuration, ArrivalProbes arrivals, InstantSource clock) {
    List<Check> checks = new ArrayList<>();
    boolean alone = configuration.applications().size() == 1;
    Clocks clocks = new Clocks(configuration.provider().timestampWindow());
    for (ApplicationConfig application : configuration.applications()) {
      PublicUrlCheck publicUrl = new PublicUrlCheck(application, alone, arrivals, clocks, clock);
      checks.add(new Check(publicUrl.subject(), publicUrl));
      UpstreamCheck upstream = new UpstreamCheck(application, clocks, clock);
      checks.add(new Check(upstream.subject(), upstream));
      if (application.adapter() != Adapter.NONE) {
        IdentityCheck identity = new IdentityCheck(application, clock);
        checks.add(new Check(identity.subject(), identity));
      }
      if (application.adapter() == Adapter.JENKINS) {
        CrumbCheck crumb = new CrumbCheck(application, clock);
        checks.add(new Check(crumb.subject(), crumb));
      }
    }
    return checks;
  }

  /** Runs all checks; what is not done after 20 seconds is a finding of its own. */
  public static List<SetupFinding> examine(List<Check> checks, Progress progress)
      throws InterruptedException {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.max(1, Math.min(THREADS, checks.size())),
            task -> {
              Thread thread = new Thread(task, "doctor");
              thread.setDaemon(true);
              return thread;
            });
    try {
      return examine(checks, progress, threads);
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<SetupFinding> examine(
      List<Check> checks, Progress progress, ExecutorService threads) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    ExecutorCompletionService<Outcome> done = new ExecutorCompletionService<>(threads);
    List<Check> waiting = new ArrayList<>(checks);
    for (Check check : checks) {
      done.submit(() -> new Outcome(check, run(check)));
    }
    List<SetupFinding> findings = new ArrayList<>();
    while (!waiting.isEmpty()) {
      Future<Outcome> next = done.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        break;
      }
      try {
        Outcome outcome = next.get();
        waiting.remove(outcome.check());
        findings.addAll(outcome.findings());
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
      progress.done(checks.size() - waiting.size(), checks.size());
    }
    for (Check late : waiting) {
      findings.add(
          SetupFinding.warning(
              late.subject(),
              "It could not be looked at within " + LIMIT.toSeconds() + " seconds.",
              "Run the doctor again; if it stays so, look for a name server or a peer that does"
                  + " not answer."));
    }
    findings.sort(
        Comparator.comparing(SetupFinding::severity).thenComparing(SetupFinding::subject));
    return findings;
  }

  private static List<SetupFinding> run(Check check) {
    try {
      return check.work().run();
    } catch (Exception e) {
      LOG.warn("The doctor could not look at {}.", check.subject(), e);
      return List.of(
          SetupFinding.warning(
              check.subject(),
              "It could not be looked at: "
                  + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
                  + ".",
              "See the server's log, and run the doctor again."));
    }
  }
}
